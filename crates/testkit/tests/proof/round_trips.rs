//! How often a request waits for a server of databases.

use serde_json::json;
use storage::PostgresOptions;
use testkit::{Receiver, Sandbox};

#[tokio::test]
async fn a_send_takes_two_round_trips() {
    // One connection for each kind of unit, so that what is prepared once is prepared.
    let options = PostgresOptions { connections: 1, readers: 1, ..PostgresOptions::default() };
    let Some(sandbox) = Sandbox::on_postgres(options).await else { return };
    // A callback that does not answer: both requests append to the outbox, and the dispatcher does nothing meanwhile.
    let receiver = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    sandbox.set_callback("IG", &receiver.url).await;
    receiver.hang();
    let message = json!({ "recipient": { "id": sandbox.env("IGSID") }, "message": { "text": "hi" } });
    let send = async || {
        let call = sandbox.post("/v25.0/me/messages").token(sandbox.env("IG_ACCESS_TOKEN"));
        call.json(&message).ok().await;
    };
    // The first time, statements are prepared, and the directory reads what it keeps.
    send().await;
    sandbox.person_writes("IG_USERNAME", "hi").await;
    receiver.next().await;
    sandbox.platform.outbox().clock_moved().await;
    let trips = || sandbox.db.stats().round_trips;
    for _ in 0..3 {
        let before = trips();
        send().await;
        assert_eq!(trips() - before, 2, "a send: the lock, and all that is written");
        let before = trips();
        sandbox.person_writes("IG_USERNAME", "hi").await;
        assert_eq!(
            trips() - before,
            1 + 1 + 2,
            "a person's message: the sim finds both by name, and then as a send"
        );
    }
}
