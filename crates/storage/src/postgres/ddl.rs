//! Portable migrations in PostgreSQL's words.

use crate::sql::{self, Token};

/// What a type that holds text becomes: on SQLite, texts are in the order of their bytes, whatever the language.
const TEXT: &str = "TEXT COLLATE \"C\"";

/// Replaces the type tokens; says so if a statement would end the migration's transaction.
pub(super) fn translate(sql: &str) -> Result<String, &'static str> {
    let sql = sql.replace("{bytes}", "BYTEA");
    let mut out = String::with_capacity(sql.len());
    let mut defines = false;
    let mut before = Before::Start;
    let mut rest = sql.as_str();
    while !rest.is_empty() {
        let (token, len) = sql::next(rest);
        let (piece, after) = rest.split_at(len);
        rest = after;
        if token == Token::Word && before == Before::Start {
            if sql::is_control(piece) {
                return Err("a migration does not begin or end transactions");
            }
            defines = ["CREATE", "ALTER"].iter().any(|word| piece.eq_ignore_ascii_case(word));
        }
        let is_type = defines && piece == "TEXT" && before == Before::Name && !is_collated(after);
        out.push_str(if is_type { TEXT } else { piece });
        before = match token {
            // `CAST(… AS TEXT)` takes no order.
            Token::Word if piece.eq_ignore_ascii_case("AS") => Before::Other,
            Token::Word => Before::Name,
            Token::Other if piece.starts_with('"') => Before::Name,
            Token::Other if is_blank(piece) => before,
            Token::Other if piece == ";" => Before::Start,
            Token::Other | Token::Parameter => Before::Other,
        };
    }
    Ok(out)
}

/// What stands before a piece, blanks and comments aside. A type stands after a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Nothing of the statement.
    Start,
    Name,
    Other,
}

fn is_blank(piece: &str) -> bool {
    piece.starts_with("--") || piece.starts_with("/*") || piece.trim().is_empty()
}

fn is_collated(after: &str) -> bool {
    let after = after.trim_start();
    after.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("COLLATE"))
}

#[cfg(test)]
mod tests {
    use super::translate;

    #[test]
    fn types_become_postgresqls() {
        for (portable, wanted) in [
            (
                "CREATE TABLE t (text TEXT NOT NULL, \"TEXT\" TEXT, TEXT TEXT, b {bytes}, n BIGINT)",
                "CREATE TABLE t (text TEXT COLLATE \"C\" NOT NULL, \"TEXT\" TEXT COLLATE \"C\", \
                 TEXT TEXT COLLATE \"C\", b BYTEA, n BIGINT)",
            ),
            ("ALTER TABLE t ADD a TEXT; -- a TEXT", "ALTER TABLE t ADD a TEXT COLLATE \"C\"; -- a TEXT"),
            ("CREATE TABLE t (a /* b */ TEXT)", "CREATE TABLE t (a /* b */ TEXT COLLATE \"C\")"),
        ] {
            assert_eq!(translate(portable).unwrap(), wanted);
        }
    }

    #[test]
    fn what_is_no_columns_type_stays() {
        for kept in [
            "CREATE TABLE t (a TEXT COLLATE \"de\")",
            "CREATE INDEX i ON t (n, TEXT)",
            "CREATE TABLE t (a BIGINT, CHECK (CAST(a AS TEXT) <> 'a TEXT'))",
            "INSERT INTO t SELECT CAST(n AS TEXT), a TEXT FROM u",
            "CREATE TABLE t (n BIGINT); UPDATE t SET n = 1; SELECT n TEXT FROM t",
        ] {
            assert_eq!(translate(kept).unwrap(), kept);
        }
    }

    #[test]
    fn a_migration_keeps_its_transaction() {
        for bad in ["COMMIT", "CREATE TABLE t (n BIGINT); -- x\n commit; SELECT 1", "/* x */ BEGIN"] {
            translate(bad).unwrap_err();
        }
        translate("CREATE TABLE t (commit BIGINT); UPDATE t SET commit = 1").unwrap();
    }
}
