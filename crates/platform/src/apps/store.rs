//! The table of apps.

use super::App;
use crate::schema::next_id;
use crate::world_key::WorldKey;
use graph_api::ids::NodeKind;
use storage::{FromRow, Read, Result, Row, Tx, params};

impl FromRow for App {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.int(0)?,
            instagram_id: row.int(1)?,
            name: row.text(2)?,
            live: row.bool(3)?,
            human_agent: row.bool(4)?,
            secret: String::new(),
            instagram_secret: String::new(),
        })
    }
}

/// A new app.
pub(crate) fn create(
    tx: &mut Tx<'_>,
    key: &WorldKey,
    name: &str,
    live: bool,
    human_agent: bool,
) -> Result<App> {
    let (id, instagram_id) = (next_id(tx, NodeKind::App)?, next_id(tx, NodeKind::InstagramApp)?);
    tx.run(
        "INSERT INTO app (app_id, instagram_app_id, name, live, human_agent) VALUES ($1, $2, $3, $4, $5)",
        params![id, instagram_id, name, live, human_agent],
    )?;
    let app = App {
        id,
        instagram_id,
        name: name.to_owned(),
        live,
        human_agent,
        secret: String::new(),
        instagram_secret: String::new(),
    };
    Ok(app.with_secrets(key))
}

/// Changes what can be changed of an app.
pub(crate) fn update(tx: &mut Tx<'_>, app: &App) -> Result<()> {
    tx.run(
        "UPDATE app SET name = $2, live = $3, human_agent = $4 WHERE app_id = $1",
        params![app.id, app.name.as_str(), app.live, app.human_agent],
    )?;
    Ok(())
}

/// All apps, the oldest first.
pub(crate) fn all(db: &mut impl Read, key: &WorldKey) -> Result<Vec<App>> {
    let sql = "SELECT app_id, instagram_app_id, name, live, human_agent FROM app ORDER BY app_id";
    Ok(db.all::<App>(sql, params![])?.into_iter().map(|app| app.with_secrets(key)).collect())
}

/// The app with that id, of either product.
pub(crate) fn find(db: &mut impl Read, key: &WorldKey, id: i64) -> Result<Option<App>> {
    let by_app = "SELECT app_id, instagram_app_id, name, live, human_agent FROM app WHERE app_id = $1";
    let by_product =
        "SELECT app_id, instagram_app_id, name, live, human_agent FROM app WHERE instagram_app_id = $1";
    let sql = if NodeKind::of(id) == Some(NodeKind::InstagramApp) { by_product } else { by_app };
    Ok(db.one::<App>(sql, params![id])?.map(|app| app.with_secrets(key)))
}
