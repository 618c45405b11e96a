//! Values on their way in and out.

use clock::Micros;
use storage::{Error, FromRow, Result, Row, params};

use crate::world::{ADD_THING, World};

pub(crate) async fn swapped_and_repeated_parameters(world: World) {
    let swap = "INSERT INTO thing (name, id, note) VALUES ($2, $1, $2)";
    world.run(swap, params![1_i64, "b"]).await.unwrap();
    let row: (i64, String, String) = world.one("SELECT id, name, note FROM thing", params![]).await;
    assert_eq!(row, (1, "b".to_owned(), "b".to_owned()));
    let text = "SELECT CAST($2 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT)";
    let swapped: (String, String, String) = world.one(text, params!["first", "second"]).await;
    assert_eq!(swapped, ("second".to_owned(), "first".to_owned(), "second".to_owned()));
}

pub(crate) async fn ten_parameters(world: World) {
    let sum = "SELECT CAST($10 AS BIGINT) * 1000 + CAST($1 AS BIGINT) * 100 + CAST($2 AS BIGINT)
                    + 0 * (CAST($3 AS BIGINT) + CAST($4 AS BIGINT) + CAST($5 AS BIGINT) + CAST($6 AS BIGINT)
                           + CAST($7 AS BIGINT) + CAST($8 AS BIGINT) + CAST($9 AS BIGINT))";
    let values = params![1_i64, 2_i64, 3_i64, 4_i64, 5_i64, 6_i64, 7_i64, 8_i64, 9_i64, 10_i64];
    assert_eq!(world.one::<i64>(sum, values).await, 10_102);
}

pub(crate) async fn dollars_in_literals_are_text(world: World) {
    let sql = "SELECT '$1 it''s ? :x FOR UPDATE' /* $3 ' */, CAST($1 AS BIGINT) AS \"$2\" -- $4 '";
    let row: (String, i64) = world.one(sql, params![5_i64]).await;
    assert_eq!(row, ("$1 it's ? :x FOR UPDATE".to_owned(), 5));
}

pub(crate) async fn the_wrong_number_of_values_is_refused(world: World) {
    let too_few = world.run(ADD_THING, params![1_i64]).await;
    assert_eq!(too_few, Err(Error::Parameters { wanted: 2, got: 1 }));
    let none = world.run(ADD_THING, params![]).await;
    assert_eq!(none, Err(Error::Parameters { wanted: 2, got: 0 }));
    let too_many = world.run(ADD_THING, params![1_i64, "a", "b"]).await;
    assert_eq!(too_many, Err(Error::Parameters { wanted: 2, got: 3 }));
    let gap = world.run("INSERT INTO thing (id, name) VALUES ($1, $3)", params![1_i64, "a", "b"]).await;
    assert!(matches!(gap, Err(Error::Statement { .. })), "{gap:?}");
    let read = world.db.read(|tx| tx.one::<i64>("SELECT id FROM thing WHERE id = $1", params![]));
    assert_eq!(read.await, Err(Error::Parameters { wanted: 1, got: 0 }));
    assert!(world.things().await.is_empty());
}

pub(crate) async fn text_with_a_zero_is_refused(world: World) {
    for text in ["\0", "a\0", "\0a", "a\0b"] {
        assert_eq!(world.run(ADD_THING, params![1_i64, text]).await, Err(Error::Text));
        let later = world.db.write(move |tx| tx.later(ADD_THING, params![1_i64, text]));
        assert_eq!(later.await, Err(Error::Text));
    }
    let read = world.db.read(|tx| tx.one::<i64>("SELECT id FROM thing WHERE name = $1", params!["\0"]));
    assert_eq!(read.await, Err(Error::Text));
    assert!(world.things().await.is_empty());
}

/// Stores a value in a column of its type, and reads it back.
macro_rules! round_trip {
    ($world:ident, $column:literal, $type:ty, $value:expr) => {{
        let value: $type = $value;
        let put = concat!(
            "INSERT INTO thing (id, name, ",
            $column,
            ") VALUES (1, 'x', $1)
             ON CONFLICT (id) DO UPDATE SET ",
            $column,
            " = excluded.",
            $column
        );
        $world.run(put, params![value.clone()]).await.unwrap();
        let got: $type = $world.one(concat!("SELECT ", $column, " FROM thing"), params![]).await;
        assert_eq!(got, value);
    }};
}

pub(crate) async fn integers_come_back(world: World) {
    for n in [i64::MIN, i64::MIN + 1, -1, 0, 1, (1 << 53) + 1, i64::MAX] {
        world.run("UPDATE counter SET n = $1", params![n]).await.unwrap();
        assert_eq!(world.one::<i64>("SELECT n FROM counter", params![]).await, n);
        assert_eq!(world.one::<i64>("SELECT n FROM counter WHERE n = $1", params![n]).await, n);
        assert_eq!(world.one::<Micros>("SELECT n FROM counter", params![]).await, Micros(n));
        assert_eq!(world.one::<bool>("SELECT n FROM counter", params![]).await, n != 0);
    }
    world.run("UPDATE counter SET n = $1", params![true]).await.unwrap();
    assert_eq!(world.one::<i64>("SELECT n FROM counter", params![]).await, 1);
}

pub(crate) async fn texts_come_back(world: World) {
    let long = "0123456789abcdef".repeat(1 << 16);
    for text in [
        "",
        " ",
        "'\"\\$1%_",
        "Grüße, 世界 👩‍👩‍👧‍👦 e\u{301}",
        "\u{1}\u{7f}\u{10ffff}\u{feff}",
        "007",
        "1e3",
        &long,
    ] {
        round_trip!(world, "note", String, text.to_owned());
    }
}

pub(crate) async fn bytes_come_back(world: World) {
    let all: Vec<u8> = (0..=255).collect();
    for bytes in [vec![], vec![0], all.clone(), all.repeat(4096), b"text".to_vec()] {
        round_trip!(world, "data", Vec<u8>, bytes.clone());
        round_trip!(world, "data", Option<Vec<u8>>, Some(bytes));
    }
}

pub(crate) async fn nulls_come_back(world: World) {
    round_trip!(world, "note", Option<String>, None);
    round_trip!(world, "note", Option<String>, Some(String::new()));
    round_trip!(world, "data", Option<Vec<u8>>, None);
    let row: (Option<i64>, Option<Micros>) =
        world.one("SELECT CAST(NULL AS BIGINT), CAST($1 AS BIGINT)", params![None::<i64>]).await;
    assert_eq!(row, (None, None));
    let found = world.one::<i64>("SELECT COUNT(*) FROM thing WHERE data IS NULL", params![]).await;
    assert_eq!(found, 1);
}

pub(crate) async fn texts_are_in_the_order_of_their_bytes(world: World) {
    let ordered = ["", " b", "10", "9", "A", "Z", "_", "a", "a b", "ab", "b", "\u{e4}", "\u{1f600}"];
    for (id, name) in (1_i64..).zip(ordered.iter().rev()) {
        world.run(ADD_THING, params![id, *name]).await.unwrap();
    }
    assert_eq!(world.all::<String>("SELECT name FROM thing ORDER BY name").await, ordered);
    let above: Vec<String> = world
        .db
        .read::<_, Error>(|tx| tx.all("SELECT name FROM thing WHERE name > $1 ORDER BY name", params!["Z"]))
        .await
        .unwrap();
    assert_eq!(above, ordered[6..]);
    let ends: (String, String) =
        world.one("SELECT MIN(name), MAX(name) FROM thing WHERE name < $1", params!["b"]).await;
    assert_eq!(ends, (String::new(), "ab".to_owned()));
}

pub(crate) async fn columns_are_what_they_are(world: World) {
    async fn read<T: FromRow + Send + 'static>(world: &World, sql: &'static str) -> Result<Option<T>> {
        world.db.read(move |tx| tx.one::<T>(sql, params![])).await
    }
    let null = read::<i64>(&world, "SELECT CAST(NULL AS BIGINT)").await;
    assert_eq!(null, Err(Error::Column { column: 0, wanted: "an integer", found: "null" }));
    for wrong in [
        read::<i64>(&world, "SELECT CAST('1' AS TEXT)").await.err(),
        read::<String>(&world, "SELECT CAST(1 AS BIGINT)").await.err(),
        read::<Vec<u8>>(&world, "SELECT CAST('1' AS TEXT)").await.err(),
        read::<(i64, i64)>(&world, "SELECT CAST(1 AS BIGINT)").await.err(),
    ] {
        assert!(matches!(wrong, Some(Error::Column { .. })), "{wrong:?}");
    }
    assert_eq!(read::<(bool, i64)>(&world, "SELECT 1 = 1, 7").await, Ok(Some((true, 7))));
    assert_eq!(read::<bool>(&world, "SELECT EXISTS (SELECT 1 FROM thing)").await, Ok(Some(false)));
}

#[derive(Debug, PartialEq)]
struct Named {
    name: String,
    at: Option<Micros>,
}

impl FromRow for Named {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { name: row.text(1)?, at: row.opt_micros(0)? })
    }
}

pub(crate) async fn rows_of_up_to_eight_columns(world: World) {
    world.run(ADD_THING, params![1_i64, "one"]).await.unwrap();
    type Eight = (i64, i64, i64, i64, i64, i64, i64, String);
    let eight: Eight =
        world.one("SELECT id, id+1, id+2, id+3, id+4, id+5, id+6, name FROM thing", params![]).await;
    assert_eq!(eight, (1, 2, 3, 4, 5, 6, 7, "one".to_owned()));
    let named: Named = world.one("SELECT id, name FROM thing", params![]).await;
    assert_eq!(named, Named { name: "one".to_owned(), at: Some(Micros(1)) });
}
