// A JSON parser and printer by recursive descent: json [FILE], or a document that it makes itself.
use std::collections::BTreeMap;
use std::fmt;
use std::iter::Peekable;
use std::str::Chars;

#[derive(Debug, Clone, PartialEq)]
enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    Array(Vec<Value>),
    Object(BTreeMap<String, Value>),
}

struct Parser<'a> {
    rest: Peekable<Chars<'a>>,
    at: usize,
}

type Parsed<T> = Result<T, String>;

impl<'a> Parser<'a> {
    fn parse(text: &'a str) -> Parsed<Value> {
        let mut parser = Parser { rest: text.chars().peekable(), at: 0 };
        let value = parser.value()?;
        parser.space();
        match parser.next() {
            None => Ok(value),
            Some(c) => parser.fail(&format!("nothing more expected, found {c:?}")),
        }
    }

    fn next(&mut self) -> Option<char> {
        self.at += 1;
        self.rest.next()
    }

    fn fail<T>(&self, what: &str) -> Parsed<T> {
        Err(format!("character {}: {what}", self.at))
    }

    fn space(&mut self) {
        while self.rest.peek().is_some_and(|c| c.is_whitespace()) {
            self.next();
        }
    }

    fn expect(&mut self, wanted: char) -> Parsed<()> {
        self.space();
        match self.next() {
            Some(c) if c == wanted => Ok(()),
            other => self.fail(&format!("expected {wanted:?}, found {other:?}")),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Parsed<Value> {
        for c in word.chars() {
            if self.next() != Some(c) {
                return self.fail(&format!("expected {word}"));
            }
        }
        Ok(value)
    }

    fn value(&mut self) -> Parsed<Value> {
        self.space();
        match self.rest.peek() {
            Some('n') => self.word("null", Value::Null),
            Some('t') => self.word("true", Value::Bool(true)),
            Some('f') => self.word("false", Value::Bool(false)),
            Some('"') => self.text().map(Value::Text),
            Some('[') => self.array(),
            Some('{') => self.object(),
            Some(c) if *c == '-' || c.is_ascii_digit() => self.number(),
            other => {
                let message = format!("expected a value, found {other:?}");
                self.fail(&message)
            }
        }
    }

    fn number(&mut self) -> Parsed<Value> {
        let mut digits = String::new();
        while let Some(c) = self.rest.peek().copied().filter(|c| "+-.eE".contains(*c) || c.is_ascii_digit()) {
            digits.push(c);
            self.next();
        }
        digits.parse().map(Value::Number).or_else(|_| self.fail(&format!("bad number {digits}")))
    }

    fn text(&mut self) -> Parsed<String> {
        self.expect('"')?;
        let mut text = String::new();
        loop {
            match self.next() {
                Some('"') => return Ok(text),
                Some('\\') => match self.next() {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('u') => {
                        let digits: String = (0..4).filter_map(|_| self.next()).collect();
                        let code = u32::from_str_radix(&digits, 16).or_else(|_| self.fail("bad \\u escape"))?;
                        text.push(char::from_u32(code).unwrap_or('\u{fffd}'));
                    }
                    Some(c @ ('"' | '\\' | '/')) => text.push(c),
                    other => return self.fail(&format!("bad escape {other:?}")),
                },
                Some(c) => text.push(c),
                None => return self.fail("unfinished string"),
            }
        }
    }

    fn array(&mut self) -> Parsed<Value> {
        self.expect('[')?;
        let mut items = Vec::new();
        self.space();
        if self.rest.peek() == Some(&']') {
            self.next();
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value()?);
            self.space();
            match self.next() {
                Some(',') => {}
                Some(']') => return Ok(Value::Array(items)),
                other => return self.fail(&format!("expected , or ], found {other:?}")),
            }
        }
    }

    fn object(&mut self) -> Parsed<Value> {
        self.expect('{')?;
        let mut members = BTreeMap::new();
        self.space();
        if self.rest.peek() == Some(&'}') {
            self.next();
            return Ok(Value::Object(members));
        }
        loop {
            self.space();
            let name = self.text()?;
            self.expect(':')?;
            members.insert(name, self.value()?);
            self.space();
            match self.next() {
                Some(',') => {}
                Some('}') => return Ok(Value::Object(members)),
                other => return self.fail(&format!("expected , or }}, found {other:?}")),
            }
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Value::Null => write!(f, "null"),
            Value::Bool(b) => write!(f, "{b}"),
            Value::Number(n) => write!(f, "{n}"),
            Value::Text(t) => write!(f, "{t:?}"),
            Value::Array(items) => {
                write!(f, "[")?;
                for (i, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if i > 0 { "," } else { "" })?;
                }
                write!(f, "]")
            }
            Value::Object(members) => {
                write!(f, "{{")?;
                for (i, (name, value)) in members.iter().enumerate() {
                    write!(f, "{}{name:?}:{value}", if i > 0 { "," } else { "" })?;
                }
                write!(f, "}}")
            }
        }
    }
}

impl Value {
    fn depth(&self) -> usize {
        match self {
            Value::Array(items) => 1 + items.iter().map(Value::depth).max().unwrap_or(0),
            Value::Object(members) => 1 + members.values().map(Value::depth).max().unwrap_or(0),
            _ => 0,
        }
    }

    fn count(&self) -> usize {
        match self {
            Value::Array(items) => 1 + items.iter().map(Value::count).sum::<usize>(),
            Value::Object(members) => 1 + members.values().map(Value::count).sum::<usize>(),
            _ => 1,
        }
    }
}

fn document(records: u32) -> String {
    let mut seed = 12345u32;
    let mut random = move |below: u32| {
        seed = seed.wrapping_mul(1664525).wrapping_add(1013904223);
        (seed >> 8) % below
    };
    let records: Vec<String> = (0..records)
        .map(|id| {
            let (price, many) = (random(100_000) as f64 / 100.0, random(5));
            let tags: Vec<String> = (0..many).map(|_| format!("\"tag\\u00e9 {}\"", random(50))).collect();
            let nested = "[".repeat(many as usize + 1) + &"]".repeat(many as usize + 1);
            format!(
                "{{ \"id\": {id}, \"price\": {price:e}, \"new\": {}, \"tags\": [{}],\n \"nested\": {nested}, \"no\": null }}",
                id % 3 == 0,
                tags.join(", ")
            )
        })
        .collect();
    format!("{{ \"version\": 1, \"records\": [\n{}\n] }}", records.join(",\n"))
}

fn main() {
    let text = match std::env::args().nth(1) {
        Some(path) => std::fs::read_to_string(path).expect("cannot read the file"),
        None => document(5000),
    };
    let value = match Parser::parse(&text) {
        Ok(value) => value,
        Err(error) => {
            eprintln!("json: {error}");
            std::process::exit(1);
        }
    };
    let printed = value.to_string();
    assert_eq!(Parser::parse(&printed).as_ref(), Ok(&value), "printing and parsing again changed the document");
    println!("{}…", printed.chars().take(160).collect::<String>());
    println!("{} bytes in, {} bytes out, {} values, {} deep", text.len(), printed.len(), value.count(), value.depth());
    for wrong in ["[1, 2", "{\"a\" 1}", "[tru]", "\"\\x\"", "1 2"] {
        println!("{wrong:12} {}", Parser::parse(wrong).unwrap_err());
    }
}
