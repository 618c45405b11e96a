//! What comes out of a statement.

use clock::Micros;

use crate::{Error, Result, postgres, sqlite};

/// One row of an answer, whichever the engine. Columns go by position, from 0. A column that holds something else than
/// was asked for, or is not there, is an [`Error`]; so is NULL where no `opt_` stands.
pub struct Row<'r>(EngineRow<'r>);

enum EngineRow<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r tokio_postgres::Row),
}

/// What a column holds, borrowed from the row.
pub(crate) enum Cell<'r> {
    Null,
    Int(i64),
    Text(&'r str),
    Bytes(&'r [u8]),
}

impl Cell<'_> {
    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Int(_) => "an integer",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
        }
    }
}

impl<'r> Row<'r> {
    pub(crate) fn sqlite(row: &'r rusqlite::Row<'r>) -> Self {
        Self(EngineRow::Sqlite(row))
    }

    pub(crate) fn postgres(row: &'r tokio_postgres::Row) -> Self {
        Self(EngineRow::Postgres(row))
    }

    fn cell(&self, i: usize) -> Result<Cell<'_>> {
        match &self.0 {
            EngineRow::Sqlite(row) => sqlite::cell(row, i),
            EngineRow::Postgres(row) => postgres::cell(row, i),
        }
    }

    /// The integer in column `i`.
    pub fn int(&self, i: usize) -> Result<i64> {
        required(i, "an integer", self.opt_int(i)?)
    }
    /// The text in column `i`.
    pub fn text(&self, i: usize) -> Result<String> {
        required(i, "text", self.opt_text(i)?)
    }
    /// The bytes in column `i`.
    pub fn bytes(&self, i: usize) -> Result<Vec<u8>> {
        required(i, "bytes", self.opt_bytes(i)?)
    }
    /// Whether the integer in column `i` is not 0.
    pub fn bool(&self, i: usize) -> Result<bool> {
        Ok(self.int(i)? != 0)
    }
    /// The instant in column `i`.
    pub fn micros(&self, i: usize) -> Result<Micros> {
        Ok(Micros(self.int(i)?))
    }
    /// The integer in column `i`, or `None` for NULL.
    pub fn opt_int(&self, i: usize) -> Result<Option<i64>> {
        match self.cell(i)? {
            Cell::Null => Ok(None),
            Cell::Int(int) => Ok(Some(int)),
            other => Err(mismatch(i, "an integer", &other)),
        }
    }
    /// The text in column `i`, or `None` for NULL.
    pub fn opt_text(&self, i: usize) -> Result<Option<String>> {
        match self.cell(i)? {
            Cell::Null => Ok(None),
            Cell::Text(text) => Ok(Some(text.to_owned())),
            other => Err(mismatch(i, "text", &other)),
        }
    }
    /// The bytes in column `i`, or `None` for NULL.
    pub fn opt_bytes(&self, i: usize) -> Result<Option<Vec<u8>>> {
        match self.cell(i)? {
            Cell::Null => Ok(None),
            Cell::Bytes(bytes) => Ok(Some(bytes.to_vec())),
            other => Err(mismatch(i, "bytes", &other)),
        }
    }
    /// The instant in column `i`, or `None` for NULL.
    pub fn opt_micros(&self, i: usize) -> Result<Option<Micros>> {
        Ok(self.opt_int(i)?.map(Micros))
    }
}

fn required<T>(column: usize, wanted: &'static str, value: Option<T>) -> Result<T> {
    value.ok_or(Error::Column { column, wanted, found: "null" })
}

fn mismatch(column: usize, wanted: &'static str, found: &Cell<'_>) -> Error {
    Error::Column { column, wanted, found: found.kind() }
}

/// What a row can be read as.
pub trait FromRow: Sized {
    /// Reads the row; fails if a column holds something else than it must.
    fn from_row(row: &Row<'_>) -> Result<Self>;
}

/// What one column can be read as; a row of them is a tuple.
pub trait FromColumn: Sized {
    /// Reads column `i`, from 0; fails if it holds something else than it must.
    fn from_column(row: &Row<'_>, i: usize) -> Result<Self>;
}

/// Types that are read from one column, and from the first column of a row.
macro_rules! column {
    ($($type:ty => $read:ident),* $(,)?) => {$(
        impl FromColumn for $type {
            fn from_column(row: &Row<'_>, i: usize) -> Result<Self> {
                row.$read(i)
            }
        }
        impl FromRow for $type {
            fn from_row(row: &Row<'_>) -> Result<Self> {
                row.$read(0)
            }
        }
    )*};
}

column! {
    i64 => int,
    String => text,
    Vec<u8> => bytes,
    bool => bool,
    Micros => micros,
    Option<i64> => opt_int,
    Option<String> => opt_text,
    Option<Vec<u8>> => opt_bytes,
    Option<Micros> => opt_micros,
}

macro_rules! tuple {
    ($($column:ident $i:literal),*) => {
        impl<$($column: FromColumn),*> FromRow for ($($column,)*) {
            fn from_row(row: &Row<'_>) -> Result<Self> {
                Ok(($($column::from_column(row, $i)?,)*))
            }
        }
    };
}

tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
