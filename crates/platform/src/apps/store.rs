//! The tables of apps and of the roles on them.

use super::roles::{Member, Role, RoleName};
use super::{App, AppSettings};
use crate::schema::next_id;
use crate::world_key::WorldKey;
use graph_api::ids::NodeKind;
use storage::{FromRow, Read, Result, Row, Tx, params};

macro_rules! columns {
    () => {
        "app_id, instagram_app_id, name, live, advanced, human_agent, require_proof, deauthorize_callback,
         data_deletion_callback, redirect_uris"
    };
}

impl FromRow for App {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.int(0)?,
            instagram_id: row.int(1)?,
            name: row.text(2)?,
            settings: AppSettings {
                live: row.bool(3)?,
                advanced: row.bool(4)?,
                human_agent: row.bool(5)?,
                require_proof: row.bool(6)?,
                deauthorize_callback: row.opt_text(7)?,
                data_deletion_callback: row.opt_text(8)?,
                redirect_uris: serde_json::from_str(&row.text(9)?).unwrap_or_default(),
            },
            roles: Vec::new(),
            secret: String::new(),
            instagram_secret: String::new(),
        })
    }
}

impl FromRow for Role {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let (number, name) = (row.int(1)?, row.text(2)?);
        let member =
            if row.int(0)? == INSTAGRAM { Member::Instagram(number) } else { Member::Facebook(number) };
        let name = RoleName::parse(&name)
            .ok_or_else(|| storage::Error::Engine(format!("an unknown role is stored: {name}")))?;
        Ok(Self { member, name, accepted: row.bool(3)? })
    }
}

const INSTAGRAM: i64 = 1;
const FACEBOOK: i64 = 2;

const fn numbers(member: Member) -> (i64, i64) {
    match member {
        Member::Instagram(number) => (INSTAGRAM, number),
        Member::Facebook(id) => (FACEBOOK, id),
    }
}

/// A new app, on which nobody has a role.
pub(crate) fn create(tx: &mut Tx<'_>, key: &WorldKey, name: &str, settings: AppSettings) -> Result<App> {
    let app = App {
        id: next_id(tx, NodeKind::App)?,
        instagram_id: next_id(tx, NodeKind::InstagramApp)?,
        name: name.to_owned(),
        settings,
        roles: Vec::new(),
        secret: String::new(),
        instagram_secret: String::new(),
    };
    tx.run(
        "INSERT INTO app (app_id, instagram_app_id, name, live, advanced, human_agent, require_proof, redirect_uris)
         VALUES ($1, $2, $3, 0, 0, 0, 0, '[]')",
        params![app.id, app.instagram_id, name],
    )?;
    update(tx, &app)?;
    Ok(app.with_secrets(key))
}

/// Writes an app's name and settings.
pub(crate) fn update(tx: &mut Tx<'_>, app: &App) -> Result<()> {
    let settings = &app.settings;
    let redirect_uris = serde_json::to_string(&settings.redirect_uris).unwrap_or_else(|_| "[]".to_owned());
    tx.run(
        "UPDATE app SET name = $2, live = $3, advanced = $4, human_agent = $5, require_proof = $6,
         deauthorize_callback = $7, data_deletion_callback = $8, redirect_uris = $9 WHERE app_id = $1",
        params![
            app.id,
            app.name.as_str(),
            settings.live,
            settings.advanced,
            settings.human_agent,
            settings.require_proof,
            settings.deauthorize_callback.clone(),
            settings.data_deletion_callback.clone(),
            redirect_uris
        ],
    )?;
    Ok(())
}

/// All apps, the oldest first.
pub(crate) fn all(db: &mut impl Read, key: &WorldKey) -> Result<Vec<App>> {
    let mut apps: Vec<App> =
        db.all(concat!("SELECT ", columns!(), " FROM app ORDER BY app_id"), params![])?;
    for app in &mut apps {
        app.roles = roles(db, app.id)?;
    }
    Ok(apps.into_iter().map(|app| app.with_secrets(key)).collect())
}

/// The app with that id, of either product.
pub(crate) fn find(db: &mut impl Read, key: &WorldKey, id: i64) -> Result<Option<App>> {
    let by_app = concat!("SELECT ", columns!(), " FROM app WHERE app_id = $1");
    let by_product = concat!("SELECT ", columns!(), " FROM app WHERE instagram_app_id = $1");
    let sql = if NodeKind::of(id) == Some(NodeKind::InstagramApp) { by_product } else { by_app };
    let Some(mut app) = db.one::<App>(sql, params![id])? else { return Ok(None) };
    app.roles = roles(db, app.id)?;
    Ok(Some(app.with_secrets(key)))
}

/// The roles on an app.
pub(crate) fn roles(db: &mut impl Read, app_id: i64) -> Result<Vec<Role>> {
    db.all(
        "SELECT login, member, role, accepted FROM app_role WHERE app_id = $1 ORDER BY login, member, role",
        params![app_id],
    )
}

/// Replaces the roles on an app. Who belongs to its business stays.
pub(crate) fn set_roles(tx: &mut Tx<'_>, app_id: i64, roles: &[Role]) -> Result<()> {
    tx.run("DELETE FROM app_role WHERE app_id = $1 AND role <> $2", params![app_id, RoleName::Owner.name()])?;
    roles.iter().try_for_each(|role| add_role(tx, app_id, role))
}

/// Gives a member a role; one that was given before is accepted now or not.
pub(crate) fn add_role(tx: &mut Tx<'_>, app_id: i64, role: &Role) -> Result<()> {
    let (login, member) = numbers(role.member);
    tx.run(
        "INSERT INTO app_role (app_id, login, member, role, accepted) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (app_id, login, member, role) DO UPDATE SET accepted = excluded.accepted",
        params![app_id, login, member, role.name.name(), role.accepted],
    )?;
    Ok(())
}

/// Takes a role away.
pub(crate) fn remove_role(tx: &mut Tx<'_>, app_id: i64, member: Member, name: RoleName) -> Result<()> {
    let (login, member) = numbers(member);
    tx.run(
        "DELETE FROM app_role WHERE app_id = $1 AND login = $2 AND member = $3 AND role = $4",
        params![app_id, login, member, name.name()],
    )?;
    Ok(())
}

/// Has a member belong to the app's business.
pub(crate) fn own(tx: &mut Tx<'_>, app_id: i64, member: Member) -> Result<()> {
    add_role(tx, app_id, &Role { member, name: RoleName::Owner, accepted: true })
}
