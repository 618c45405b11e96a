//! The demo world of a sandbox: two apps, two accounts of which one has a page, three people, and a first message.

pub(crate) mod access;
pub(crate) mod pictures;

use crate::accounts::{self, Account};
use crate::apps::{self, App, AppSettings};
use crate::conversation_routing::Routing;
use crate::conversations::Product;
use crate::directory::{AccountView, forget_after_commit};
use crate::grants::giving;
use crate::people;
use crate::people::acts::{Refused, Scene, Writing};
use crate::publishing::{self, Media};
use crate::tokens::{self, Token, TokenKind};
use crate::{Platform, assets, schema, settings, subscriptions};
use clock::Micros;
use graph_api::{Host, webhook};
use pictures::Pictures;
use std::sync::Arc;
use storage::{Result, Tx};

const SHOP: &str = "posthaste.shop";
const CAFE: &str = "posthaste.cafe";
const PERSON: &str = "ana.customer";

/// Makes the demo world, if the data holds none.
pub(crate) async fn begin(platform: &Arc<Platform>) -> Result<()> {
    if platform.db.read(|db| settings::read(db, settings::DEMO)).await?.is_some() {
        return Ok(());
    }
    let (this, pictures) = (Arc::clone(platform), Pictures::bring(platform).await?);
    platform
        .db
        .write(move |tx| match settings::read(tx, settings::DEMO)? {
            Some(_) => Ok(()),
            None => create(tx, &this, &pictures),
        })
        .await?;
    platform.directory.forget();
    Ok(())
}

/// Makes everything anew, with the same ids and tokens: they follow from the key and from counters that begin again.
pub(crate) async fn reset(platform: &Arc<Platform>) -> Result<()> {
    let _moving = platform.moving.lock().await;
    platform.faults.reset();
    platform.outbox().forget().await;
    let offset = platform.clock.offset();
    platform.clock.reset();
    let (this, pictures) = (Arc::clone(platform), Pictures::bring(platform).await?);
    let made = platform
        .db
        .write(move |tx| {
            assets::store::clear(tx, &this)?;
            schema::clear(tx)?;
            create(tx, &this, &pictures)?;
            forget_after_commit(tx, &this);
            Ok::<_, storage::Error>(())
        })
        .await;
    if let Err(error) = made {
        platform.clock.set(Micros(platform.clock.now().0.saturating_add(offset)));
        platform.outbox().reload().await?;
        return Err(error);
    }
    // What was handed over between the first forgetting and the commit belongs to the old world, what came since to the
    // new one: only the tables can tell.
    let reloaded = platform.outbox().reload().await;
    platform.settings.reset();
    platform.rates.forget();
    platform.log.clear();
    reloaded
}

fn create(tx: &mut Tx<'_>, platform: &Arc<Platform>, pictures: &Pictures) -> Result<()> {
    settings::write(tx, settings::DEMO, "1")?;
    settings::write(tx, settings::WORLD_KEY, &platform.key.fingerprint())?;
    let owner = accounts::store::create_user(tx, "Demo Owner", false)?;
    let key = &platform.key;
    let settings = AppSettings { human_agent: true, ..AppSettings::default() };
    let demo = apps::store::create(tx, key, "Demo app", settings)?;
    let settings = AppSettings { live: false, ..AppSettings::default() };
    let in_development = apps::store::create(tx, key, "Demo app in development", settings)?;
    let shop = accounts::store::create(tx, SHOP, "Posthaste Shop", None)?;
    let cafe = accounts::store::create(tx, CAFE, "Posthaste Café", Some(owner.id))?;
    for app in [&demo, &in_development] {
        for account in [&shop, &cafe] {
            giving::account(tx, key, app, account)?;
        }
        giving::user(tx, key, app, &owner)?;
    }
    let all = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    subscriptions::store::subscribe(
        tx,
        shop.id,
        demo.id,
        Host::Instagram,
        &all(&webhook::MESSAGING_FIELDS
            .iter()
            .copied()
            .filter(|f| *f != "messaging_optins")
            .collect::<Vec<_>>()),
    )?;
    let page_fields =
        ["messages", "messaging_postbacks", "message_reactions", "message_reads", "messaging_referrals"];
    subscriptions::store::subscribe(tx, cafe.id, demo.id, Host::Facebook, &all(&page_fields))?;
    pictures.publish(tx, &shop, &cafe)?;
    let mut ana = people::store::create(tx, PERSON, "Ana Castro")?;
    pictures.portray(tx, &mut ana)?;
    people::store::create(tx, "ben.customer", "Ben Okafor")?;
    people::store::create(tx, "chloe.customer", "Chloé Martin")?;
    for account in [shop, cafe] {
        // No app has a callback yet, so nobody is told of these.
        let account = Arc::new(AccountView { account, routes: Vec::new(), routing: Routing::default() });
        let scene = Scene { platform: Arc::clone(platform), account, person: ana.clone() };
        scene.write(tx, &Writing::text("Hi! Are you open today?")).map_err(Refused::into_storage)?;
    }
    Ok(())
}

/// The lines of `sandbox.env`.
pub(crate) async fn env(platform: &Platform) -> Result<Vec<(&'static str, String)>> {
    let key = platform.key.clone();
    let now = platform.clock.now();
    let (app, shop, cafe, ana, owner, tokens, media) = platform
        .db
        .read(move |db| {
            let app = apps::store::all(db, &key)?.into_iter().next();
            let shop = accounts::store::by_username(db, SHOP)?;
            let cafe = accounts::store::by_username(db, CAFE)?;
            let ana = people::store::with_username(db, PERSON)?;
            let mut media = Vec::new();
            for account in [&shop, &cafe].into_iter().flatten() {
                media.extend(publishing::store::of_account(db, account.id)?);
            }
            let owner = accounts::store::users(db)?.into_iter().next();
            Ok::<_, storage::Error>((app, shop, cafe, ana, owner, tokens::store::all(db)?, media))
        })
        .await?;
    let mut env = vec![("POSTHASTE_URL", platform.public_url().to_owned())];
    let (Some(app), Some(shop), Some(cafe), Some(ana)) = (app, shop, cafe, ana) else { return Ok(env) };
    let token = |kind, subject| newest(&tokens, app.id, kind, subject, now).map(|t| t.text(&platform.key));
    let page = cafe.page.as_ref();
    // The first of each kind, whatever was published since.
    let first = |account: &Account, product: Product| {
        let of_kind = |media: &&Media| media.account == account.id && media.product == product;
        media.iter().filter(of_kind).map(|media| media.id).min().map(|id| id.to_string()).unwrap_or_default()
    };
    env.extend([
        ("APP_ID", app.id.to_string()),
        ("APP_SECRET", app.secret.clone()),
        ("INSTAGRAM_APP_ID", app.instagram_id.to_string()),
        ("INSTAGRAM_APP_SECRET", app.instagram_secret.clone()),
        ("APP_ACCESS_TOKEN", format!("{}|{}", app.id, app.secret)),
        ("VERIFY_TOKEN", verify_token(&app)),
        ("IG_ID", shop.id.to_string()),
        ("IG_USERNAME", shop.username.clone()),
        ("IG_ACCESS_TOKEN", token(TokenKind::Instagram, shop.id).unwrap_or_default()),
        ("PAGE_ID", page.map(|page| page.id.to_string()).unwrap_or_default()),
        ("PAGE_IG_ID", cafe.id.to_string()),
        ("PAGE_IG_USERNAME", cafe.username.clone()),
        ("PAGE_ACCESS_TOKEN", page.and_then(|page| token(TokenKind::Page, page.id)).unwrap_or_default()),
        ("USER_ACCESS_TOKEN", owner.and_then(|owner| token(TokenKind::User, owner.id)).unwrap_or_default()),
        ("IG_MEDIA_ID", first(&shop, Product::Feed)),
        ("PAGE_MEDIA_ID", first(&cafe, Product::Feed)),
        ("STORY_ID", first(&shop, Product::Story)),
        ("PERSON_USERNAME", ana.username.clone()),
        ("IGSID", people::igsid(shop.id, ana.user_no).to_string()),
        ("PAGE_IGSID", people::igsid(cafe.id, ana.user_no).to_string()),
    ]);
    Ok(env)
}

/// The word that the examples use in the handshake. An app may set any other with its callback.
pub(crate) fn verify_token(app: &App) -> String {
    format!("verify-{}", &app.instagram_secret[..12])
}

/// The newest token for a subject that is good; the newest one if none is.
pub(crate) fn newest(
    tokens: &[Token],
    app_id: i64,
    kind: TokenKind,
    subject: i64,
    now: Micros,
) -> Option<&Token> {
    let mut of_subject =
        tokens.iter().filter(|t| t.made.app_id == app_id && t.made.kind == kind && t.made.subject == subject);
    // They come the newest first.
    let first = of_subject.clone().next();
    of_subject.find(|t| t.is_good(now)).or(first)
}
