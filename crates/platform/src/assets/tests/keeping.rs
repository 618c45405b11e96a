//! How long bytes stay: as long as a row names them, and no longer.

use super::{OWNER, World, told};
use crate::assets::{Asset, Owner, Purpose, fetch, room, store};
use crate::failure::Failure;
use graph_api::ErrorName;
use graph_api::media::AttachmentKind;
use std::sync::Arc;
use storage::Error;

const IMAGE: AttachmentKind = AttachmentKind::Image;

async fn owned(world: &World, owner: Owner, id: &str) -> Result<Asset, Failure> {
    let id = id.to_owned();
    world.platform.db.read(move |db| store::owned(db, owner, &id)).await
}

async fn add_to_message(world: &World, owner: Owner, id: &str) -> Result<Asset, Failure> {
    let id = id.to_owned();
    world.platform.db.write(move |tx| store::add_uploaded(tx, owner, &id, Purpose::Message)).await
}

async fn for_message(world: &World, uploaded: &Asset) -> Asset {
    add_to_message(world, OWNER, &uploaded.id.to_string()).await.unwrap()
}

#[tokio::test]
async fn bytes_without_a_row_go() {
    let world = World::start().await;
    let url = world.media.url("/a.png");
    let new = fetch(&world.platform, &url, IMAGE).await.unwrap();
    let size = world.total().await;
    assert!(size > 0, "held as long as somebody has it");
    drop(new);
    assert_eq!(world.total().await, 0);

    // A unit that fails names nothing, whatever it did before.
    let new = fetch(&world.platform, &url, IMAGE).await.unwrap();
    let refused: Result<(), Error> = world
        .platform
        .db
        .write(move |tx| {
            store::add(tx, &new, OWNER, Purpose::Message)?;
            Err(Error::Unsupported("refused after all"))
        })
        .await;
    assert!(refused.is_err());
    assert_eq!(world.total().await, 0);

    let new = fetch(&world.platform, &url, IMAGE).await.unwrap();
    let asset = world.add(&new, Purpose::Message).await;
    drop(new);
    assert_eq!(world.total().await, size);
    world.delete(&asset).await;
    assert_eq!(world.total().await, 0);
    world.delete(&asset).await;
}

/// A file can be stored for a message and for sending it again, in one unit or in several.
#[tokio::test]
async fn bytes_go_with_the_last_row_that_names_them() {
    let world = World::start().await;
    let new = fetch(&world.platform, &world.media.url("/a.png"), IMAGE).await.unwrap();
    let (first, uploaded) = (world.add(&new, Purpose::Message).await, world.add(&new, Purpose::Reuse).await);
    drop(new);
    let second = for_message(&world, &uploaded).await;
    assert_eq!(second.purpose, Purpose::Message);
    assert_ne!(second.id, uploaded.id);
    let size = world.total().await;
    assert_eq!(size, first.size, "once for all three");
    for asset in [&first, &uploaded] {
        world.delete(asset).await;
        assert_eq!(world.total().await, size);
    }
    assert_eq!(
        told(owned(&world, OWNER, &uploaded.id.to_string()).await).name,
        ErrorName::AttachmentNotOwned
    );
    world.delete(&second).await;
    assert_eq!(world.total().await, 0);
}

#[tokio::test]
async fn an_attachment_for_one_send_is_sent_once() {
    let world = World::start().await;
    let uploaded = world.stored("/a.png", IMAGE, Purpose::OneSend).await;
    let id = uploaded.id.to_string();
    assert_eq!(owned(&world, OWNER, &id).await.unwrap(), uploaded);
    let sent = for_message(&world, &uploaded).await;
    assert_eq!(told(owned(&world, OWNER, &id).await).name, ErrorName::AttachmentNotOwned);
    assert_eq!(told(add_to_message(&world, OWNER, &id).await).name, ErrorName::AttachmentNotOwned);
    assert_eq!(world.total().await, sent.size);
    let reusable = world.stored("/a.png", IMAGE, Purpose::Reuse).await;
    for_message(&world, &reusable).await;
    assert_eq!(owned(&world, OWNER, &reusable.id.to_string()).await.unwrap(), reusable);
}

#[tokio::test]
async fn attachments_belong_to_account_and_app() {
    let world = World::start().await;
    let uploaded = world.stored("/a.png", IMAGE, Purpose::Reuse).await;
    let sent = world.stored("/a.png", IMAGE, Purpose::Message).await;
    let id = uploaded.id.to_string();
    assert_eq!(owned(&world, OWNER, &format!(" {id} ")).await.unwrap(), uploaded);
    for (owner, id) in [
        (Owner { account: OWNER.account + 1, ..OWNER }, id.clone()),
        (Owner { app: OWNER.app + 1, ..OWNER }, id.clone()),
        (OWNER, sent.id.to_string()),
        (OWNER, (sent.id + 1).to_string()),
        (OWNER, OWNER.account.to_string()),
        (OWNER, format!("{id}0")),
        (OWNER, "me".to_owned()),
        (OWNER, String::new()),
    ] {
        assert_eq!(told(owned(&world, owner, &id).await).name, ErrorName::AttachmentNotOwned, "{id:?}");
        assert_eq!(
            told(add_to_message(&world, owner, &id).await).name,
            ErrorName::AttachmentNotOwned,
            "{id:?}"
        );
    }
}

/// Killed between the bytes and the row: the next process removes what nobody names.
#[tokio::test]
async fn a_restart_keeps_what_is_named_and_nothing_else() {
    let world = World::start().await;
    let kept = world.stored("/a.png", IMAGE, Purpose::Message).await;
    let gone = world.stored("/a.gif", IMAGE, Purpose::Message).await;
    world.delete(&gone).await;
    let orphan = fetch(&world.platform, &world.media.url("/a.jpg"), IMAGE).await.unwrap();
    assert!(world.total().await > kept.size);
    std::mem::forget(orphan);
    let world = world.restarted().await;
    assert_eq!(world.total().await, kept.size);
    // The seeded source of keys begins anew: what it names first is taken.
    let new = world.stored("/a.gif", IMAGE, Purpose::Message).await;
    assert_eq!(world.total().await, kept.size + new.size);
    assert!(new.id > gone.id);
}

/// Another world in the same place is not touched.
#[tokio::test]
async fn worlds_can_share_a_place() {
    let world = World::start().await;
    let other = world.blobs.within("ffffffffffffffff");
    let mut upload = other.put("theirs").await.unwrap();
    upload.write(bytes::Bytes::from_static(b"theirs")).await.unwrap();
    upload.finish().await.unwrap();
    let world = world.restarted().await;
    assert_eq!(world.blobs.total().await.unwrap(), 6 + crate::demo::pictures::BYTES);
    world.platform.reset().await.unwrap();
    assert_eq!(other.read("theirs").await.unwrap().unwrap(), "theirs");
}

#[tokio::test]
async fn a_reset_leaves_no_files() {
    let world = World::start().await;
    let before = world.stored("/a.png", IMAGE, Purpose::Message).await;
    world.stored("/a.png", IMAGE, Purpose::Reuse).await;
    world.platform.reset().await.unwrap();
    assert_eq!(world.total().await, 0);
    let after = world.stored("/a.png", IMAGE, Purpose::Message).await;
    assert_eq!(after.id, before.id, "the same ids again");
}

/// The oldest uploads give way; what a message shows never does.
#[tokio::test]
async fn uploads_give_way_and_messages_stay() {
    let world = World::start().await;
    let message = world.stored("/a.png", IMAGE, Purpose::Message).await;
    let oldest = world.stored("/a.png", IMAGE, Purpose::Reuse).await;
    let shown = world.stored("/a.gif", IMAGE, Purpose::Reuse).await;
    for_message(&world, &shown).await;
    let newest = world.stored("/a.jpg", IMAGE, Purpose::OneSend).await;
    let give_way = |bytes: u64| {
        let (this, bytes) = (Arc::clone(&world.platform), i64::try_from(bytes).unwrap());
        world.platform.db.write(move |tx| room::give_way(tx, &this, bytes))
    };
    let all = world.total().await;
    give_way(0).await.unwrap();
    assert_eq!(world.total().await, all);
    give_way(1).await.unwrap();
    assert_eq!(world.total().await, all - oldest.size, "one was enough");
    give_way(u64::from(u32::MAX)).await.unwrap();
    assert_eq!(world.total().await, message.size + shown.size, "its message still shows it");
    assert_eq!(told(owned(&world, OWNER, &newest.id.to_string()).await).name, ErrorName::AttachmentNotOwned);
}
