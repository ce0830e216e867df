// What the semver crate says: a line of questions in, a line of answers out, fields between tabs.
//   V text         ok, the version as it prints | the error
//   R text         ok | the error
//   C a b          < = >
//   M req version  whether it matches
use std::io::{BufRead, Write};

fn main() {
    let out = std::io::stdout();
    let mut out = std::io::BufWriter::new(out.lock());
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let mut fields = line.split('\t');
        let (kind, a) = (fields.next().unwrap(), fields.next().unwrap());
        let b = fields.next().unwrap_or("");
        let version = |text| semver::Version::parse(text).unwrap();
        let answer = match kind {
            "V" => semver::Version::parse(a).map_or_else(|e| e.to_string(), |v| format!("ok {v}")),
            "R" => semver::VersionReq::parse(a).map_or_else(|e| e.to_string(), |_| "ok".into()),
            "C" => match version(a).cmp(&version(b)) {
                std::cmp::Ordering::Less => "<".into(),
                std::cmp::Ordering::Equal => "=".into(),
                std::cmp::Ordering::Greater => ">".into(),
            },
            "M" => semver::VersionReq::parse(a).unwrap().matches(&version(b)).to_string(),
            _ => panic!("no such question: {line}"),
        };
        writeln!(out, "{answer}").unwrap();
    }
}
