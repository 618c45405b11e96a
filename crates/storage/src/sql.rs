//! Portable SQL: what a unit may run on any engine, and how it reads in SQLite's words. (PostgreSQL is given the text
//! as it is.)
//!
//! SQLite takes `$1` for the *name* of a parameter and numbers names by their first appearance, so that `$2, $1` bound
//! by position would swap silently: `$n` becomes `?n`, which is a number. And SQLite has no `FOR UPDATE`: its writer is
//! alone anyway.

use std::collections::HashMap;

use crate::{Error, Result};

/// A translated statement.
#[derive(Debug)]
pub(crate) struct Text {
    /// What SQLite is given.
    pub(crate) sql: Box<str>,
    /// How many values it takes.
    pub(crate) parameters: usize,
    /// Whether it locks the rows that it reads.
    pub(crate) locks: bool,
}

/// The translations of the statements seen so far. A `&'static str` never goes away, so its address and length stand
/// for its contents, and a look-up reads no text.
#[derive(Debug, Default)]
pub(crate) struct Texts(HashMap<(usize, usize), Text>);

impl Texts {
    /// The translation of `sql`; [`Error::Statement`] if no unit may run it.
    pub(crate) fn get(&mut self, sql: &'static str) -> Result<&Text> {
        use std::collections::hash_map::Entry;
        match self.0.entry(place(sql)) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => Ok(new.insert(check(sql)?)),
        }
    }
}

/// What stands for the contents of `sql`: see [`Texts`].
pub(crate) fn place(sql: &'static str) -> (usize, usize) {
    (sql.as_ptr().addr(), sql.len())
}

/// The translation of `sql`; [`Error::Statement`] if no unit may run it.
pub(crate) fn check(sql: &'static str) -> Result<Text> {
    translate(sql).map_err(|reason| Error::Statement { reason, sql })
}

/// Whether a statement that begins with `word` would end or nest the transaction that it is in.
pub(crate) fn is_control(word: &str) -> bool {
    const CONTROL: [&str; 8] =
        ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"];
    CONTROL.iter().any(|control| word.eq_ignore_ascii_case(control))
}

fn translate(sql: &str) -> Result<Text, &'static str> {
    let mut out = String::with_capacity(sql.len());
    let mut numbers = Vec::new();
    let mut words = 0_usize;
    let mut locks = false;
    let mut rest = sql;
    while !rest.is_empty() {
        let (token, len) = next(rest);
        let (piece, after) = rest.split_at(len);
        rest = after;
        match token {
            Token::Parameter => {
                let number = piece[1..].parse::<usize>().ok().filter(|n| (1..=999).contains(n));
                let number = number.ok_or("parameters are $1 to $999")?;
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
                out.push('?');
                out.push_str(&piece[1..]);
            }
            Token::Word => {
                words += 1;
                if words == 1 && is_control(piece) {
                    return Err("a unit of work does not begin or end transactions");
                }
                match lock_clause(piece, after) {
                    Some(after_clause) => {
                        locks = true;
                        rest = after_clause;
                    }
                    None => out.push_str(piece),
                }
            }
            Token::Other if piece == "?" => return Err("parameters are written $1, $2, …"),
            Token::Other => out.push_str(piece),
        }
    }
    // Each number counts once, so a gap shows as a highest number above the count.
    match numbers.iter().max() {
        Some(highest) if *highest != numbers.len() => Err("a parameter below the highest is not used"),
        _ => Ok(Text { sql: out.into_boxed_str(), parameters: numbers.len(), locks }),
    }
}

/// What a piece of SQL is, as far as this crate cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// `$` and digits.
    Parameter,
    /// A keyword, a name, or a number.
    Word,
    /// A string, a quoted name, a comment, or one other character.
    Other,
}

/// The token at the start of `sql`, which is not empty, and its length.
pub(crate) fn next(sql: &str) -> (Token, usize) {
    let bytes = sql.as_bytes();
    match bytes[0] {
        // A doubled quote inside reads as two strings next to each other, which comes to the same.
        quote @ (b'\'' | b'"') => {
            (Token::Other, through(&sql[1..], char::from(quote)).map_or(sql.len(), |n| n + 1))
        }
        b'-' if sql.starts_with("--") => (Token::Other, through(sql, '\n').unwrap_or(sql.len())),
        b'/' if sql.starts_with("/*") => (Token::Other, sql[2..].find("*/").map_or(sql.len(), |n| n + 4)),
        b'$' if bytes.get(1).is_some_and(u8::is_ascii_digit) => {
            (Token::Parameter, 1 + bytes[1..].iter().take_while(|b| b.is_ascii_digit()).count())
        }
        first if in_word(first) => (Token::Word, word_len(bytes)),
        _ => (Token::Other, 1),
    }
}

/// The length of `sql` up to and with the first `end`.
fn through(sql: &str, end: char) -> Option<usize> {
    sql.find(end).map(|n| n + 1)
}

fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// The length of the word at the start; `$` may stand inside a name.
fn word_len(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| in_word(**b) || **b == b'$').count()
}

/// If `word` and what follows it is a clause that locks rows, what comes after that clause.
fn lock_clause<'a>(word: &str, after: &'a str) -> Option<&'a str> {
    let mut rest = word.eq_ignore_ascii_case("FOR").then(|| expect(after, "UPDATE"))??;
    if let Some(tables) = expect(rest, "OF") {
        let name = tables.trim_start();
        rest = &name[word_len(name.as_bytes())..];
    }
    let skip = || expect(expect(rest, "SKIP")?, "LOCKED");
    Some(skip().or_else(|| expect(rest, "NOWAIT")).unwrap_or(rest))
}

/// What follows the word `wanted`, if that is the next one.
fn expect<'a>(sql: &'a str, wanted: &str) -> Option<&'a str> {
    let sql = sql.trim_start();
    let (word, rest) = sql.split_at(word_len(sql.as_bytes()));
    word.eq_ignore_ascii_case(wanted).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sql(text: &str) -> String {
        translate(text).unwrap().sql.into()
    }

    #[test]
    fn parameters_become_numbers() {
        assert_eq!(sql("SELECT $2, $1, $2"), "SELECT ?2, ?1, ?2");
        assert_eq!(sql("VALUES($1,$2)"), "VALUES(?1,?2)");
        let ten = "SELECT $1,$2,$3,$4,$5,$6,$7,$8,$9,$10";
        assert_eq!(sql(ten), "SELECT ?1,?2,?3,?4,?5,?6,?7,?8,?9,?10");
        assert_eq!(translate(ten).unwrap().parameters, 10);
        assert_eq!(translate("SELECT $1, $1").unwrap().parameters, 1);
        assert_eq!(translate("SELECT 1").unwrap().parameters, 0);
    }

    #[test]
    fn what_is_quoted_or_said_aside_stays() {
        for text in [
            "SELECT '$1 FOR UPDATE', 'it''s $1', ''",
            r#"SELECT "$1", "a""$1""#,
            "SELECT 1 -- $1 FOR UPDATE ?\n + 2",
            "SELECT 1 /* $1 ' ? */ + 2",
            "SELECT price$1 FROM t",
            "SELECT 1 -- $1",
            "SELECT 1 /* $1",
            "SELECT '$1",
            "SELECT '--' || 'é' /**/ - 1",
        ] {
            assert_eq!(sql(text), text);
        }
        assert_eq!(sql("SELECT '--', $1"), "SELECT '--', ?1");
        assert_eq!(sql("SELECT 'é$1', $1"), "SELECT 'é$1', ?1");
        assert_eq!(sql("SELECT /*'*/ $1 -- '\n, $2"), "SELECT /*'*/ ?1 -- '\n, ?2");
    }

    #[test]
    fn row_locks_go_away() {
        let plain = "SELECT a FROM t WHERE b = ?1 ";
        for lock in
            ["FOR UPDATE", "for  update", "FOR\n UPDATE SKIP LOCKED", "FOR UPDATE NOWAIT", "FOR UPDATE OF t"]
        {
            assert_eq!(sql(&format!("SELECT a FROM t WHERE b = $1 {lock}")), plain, "{lock}");
        }
        assert_eq!(sql("SELECT (SELECT 1 FOR UPDATE OF t SKIP LOCKED) x"), "SELECT (SELECT 1 ) x");
        for kept in
            ["SELECT for_update FROM t", "SELECT a AS \"FOR\" FROM t", "SELECT for updated", "SELECT x SKIP"]
        {
            assert_eq!(sql(kept), kept);
        }
    }

    #[test]
    fn what_no_unit_may_run_is_refused() {
        for bad in ["SELECT ?", "SELECT ?1", "SELECT $0", "SELECT $1000", "SELECT $99999999999999999999999"] {
            translate(bad).unwrap_err();
        }
        for gap in ["SELECT $2", "SELECT $1, $3"] {
            translate(gap).unwrap_err();
        }
        for control in [
            "COMMIT",
            " begin",
            "abort",
            "-- x\n ROLLBACK",
            "/* x */ SAVEPOINT a",
            "END;",
            "start transaction",
        ] {
            translate(control).unwrap_err();
        }
        assert_eq!(sql("SELECT 1 AS commit"), "SELECT 1 AS commit");
    }

    #[test]
    fn a_known_statement_is_found_by_its_place() {
        let mut texts = Texts::default();
        let sql = "SELECT $1, $1";
        assert_eq!(&*texts.get(sql).unwrap().sql, "SELECT ?1, ?1");
        assert_eq!(&*texts.get(&sql[..9]).unwrap().sql, "SELECT ?1", "same start, other length");
        assert_eq!(&*texts.get(sql).unwrap().sql, "SELECT ?1, ?1");
        assert_eq!(texts.0.len(), 2);
        assert!(matches!(texts.get("COMMIT"), Err(Error::Statement { .. })));
    }
}
