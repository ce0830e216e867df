// exits with 41
// std::fs from one end to the other, with everything that can be told apart printed.
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

fn show<T: std::fmt::Debug>(what: &str, result: io::Result<T>) {
    match result {
        Ok(value) => println!("{what}: {value:?}"),
        Err(error) => println!("{what}: {:?} {:?}", error.kind(), error.raw_os_error()),
    }
}

fn names(path: &str) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let letter = if kind.is_dir() { 'd' } else if kind.is_symlink() { 'l' } else { 'f' };
        names.push(format!("{letter} {}", entry.file_name().into_string().unwrap()));
    }
    names.sort();
    Ok(names)
}

fn main() -> io::Result<()> {
    show("write", fs::write("a.txt", "line one\nline two\nline three\n"));
    show("read", fs::read_to_string("a.txt"));
    show("missing", fs::read_to_string("missing"));
    show("is a directory", fs::write(".", "x"));
    show("create_dir", fs::create_dir("d"));
    show("create_dir again", fs::create_dir("d"));
    show("create_dir_all", fs::create_dir_all("d/e/f/g"));
    show("not a directory", fs::create_dir("a.txt/x"));
    show("copy", fs::copy("a.txt", "d/b.txt"));
    show("rename", fs::rename("d/b.txt", "d/e/c.txt"));
    show("rename missing", fs::rename("d/b.txt", "x"));
    // wasi-libc loses the first of two relative paths here: it is not found, anywhere.
    show("hard_link", fs::hard_link("a.txt", "d/hard"));
    show("exists", Path::new("d/hard").try_exists());
    show("exists not", Path::new("d/soft").try_exists());
    show("list", names("."));
    show("list d", names("d"));
    show("list file", names("a.txt"));
    show("remove_dir full", fs::remove_dir("d"));
    show("remove_file dir", fs::remove_file("d"));

    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open("rw")?;
    show("write", file.write(b"0123456789"));
    show("seek", file.seek(SeekFrom::Start(3)));
    let mut four = [0; 4];
    show("read_exact", file.read_exact(&mut four));
    println!("{:?}", std::str::from_utf8(&four));
    show("seek end", file.seek(SeekFrom::End(-2)));
    show("seek current", file.seek(SeekFrom::Current(-3)));
    show("position", file.stream_position());
    show("seek before", file.seek(SeekFrom::Current(-30)));
    show("set_len", file.set_len(4));
    show("len", file.metadata().map(|m| (m.len(), m.is_file(), m.is_dir())));
    show("set_len", file.set_len(6));
    show("sync_all", file.sync_all());
    show("sync_data", file.sync_data());
    show("rewind", file.rewind());
    let mut rest = Vec::new();
    show("read_to_end", file.read_to_end(&mut rest));
    println!("{rest:?}");
    let time = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    show("set_times", file.set_times(fs::FileTimes::new().set_modified(time).set_accessed(time)));
    show("modified", file.metadata().and_then(|m| m.modified()).map(|t| t == time));
    drop(file);

    let mut log = OpenOptions::new().append(true).create(true).open("log")?;
    for i in 0..3 {
        writeln!(log, "entry {i}")?;
    }
    show("append", fs::read_to_string("log"));
    show("create_new", OpenOptions::new().write(true).create_new(true).open("log").map(|_| ()));
    show("write only", OpenOptions::new().write(true).open("log").and_then(|mut f| f.read(&mut [0; 4])));
    show("read only", File::open("log").and_then(|mut f| f.write(b"x")));
    for line in BufReader::new(File::open("a.txt")?).lines() {
        println!("> {}", line?);
    }

    fs::create_dir("many")?;
    for i in 0..500 {
        fs::write(format!("many/file number {i}"), i.to_string())?;
    }
    println!("many: {}", names("many")?.len());
    let mut sum = 0;
    for entry in fs::read_dir("many")? {
        sum += fs::read_to_string(entry?.path())?.parse::<u32>().unwrap();
    }
    println!("sum: {sum}");
    show("remove_dir_all", fs::remove_dir_all("many"));
    show("big", fs::write("big", vec![7u8; 3 << 20]));
    println!("{}", fs::read("big")?.iter().map(|&b| b as u64).sum::<u64>());
    show("remove big", fs::remove_file("big"));
    show("outside", fs::read_to_string("../outside"));
    show("absolute", fs::read_to_string("/etc/passwd"));
    show("nul", fs::read_to_string("a\0b").map_err(|e| io::Error::from(e.kind())));
    show("list", names("."));
    io::stderr().write_all(b"to stderr\n")?;
    std::process::exit(40 + names("d")?.len() as i32)
}
