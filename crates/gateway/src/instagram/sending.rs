//! Bringing messages to Instagram: a lane for each conversation that has something to send, so that its messages go one
//! after the other and no other conversation waits for them.

use super::outgoing::{self, Outgoing, State};
use super::trying::{self, Step};
use super::{delivery, mapping};
use crate::Gateway;
use crate::conversations::Scene;
use crate::messages::Message;
use crate::users::Client;
use crate::work::Work;
use clock::Micros;
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use storage::{Result, Tx};
use tokio::sync::Notify;

/// After trouble with the database.
const REST: Duration = Duration::from_millis(500);

/// The lanes.
pub(crate) struct Sender {
    gateway: Weak<Gateway>,
    runtime: tokio::runtime::Handle,
    lanes: Mutex<HashMap<String, Lane>>,
    work: Arc<Work>,
}

struct Lane {
    notify: Arc<Notify>,
    /// Something was added since it last looked.
    wanted: bool,
    /// It waits for this time.
    waits: Option<Micros>,
}

impl Sender {
    pub(crate) fn new(gateway: Weak<Gateway>, work: Arc<Work>) -> Self {
        Self { gateway, runtime: tokio::runtime::Handle::current(), lanes: Mutex::default(), work }
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<String, Lane>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// There is something to send in a conversation, or something new is known of what is under way.
    pub(crate) fn wake(&self, conversation_id: &str) {
        if self.work.is_stopped() {
            return;
        }
        let mut lanes = self.lanes();
        if let Some(lane) = lanes.get_mut(conversation_id) {
            lane.wanted = true;
            if lane.waits.take().is_some() {
                self.work.begin();
            }
            lane.notify.notify_one();
            return;
        }
        let notify = Arc::new(Notify::new());
        let lane = Lane { notify: Arc::clone(&notify), wanted: false, waits: None };
        lanes.insert(conversation_id.to_owned(), lane);
        self.work.begin();
        self.runtime.spawn(run(self.gateway.clone(), conversation_id.to_owned(), notify));
    }

    /// The clock was moved: what waits for a time that has come goes on.
    pub(crate) fn clock_moved(&self, now: Micros) {
        for lane in self.lanes().values_mut() {
            if lane.waits.is_some_and(|at| at <= now) {
                lane.waits = None;
                self.work.begin();
            }
            // Those whose time has not come wait for less or more of it now.
            lane.notify.notify_one();
        }
    }

    /// The lane waits for a time.
    fn park(&self, conversation_id: &str, at: Micros) -> bool {
        let mut lanes = self.lanes();
        match lanes.get_mut(conversation_id) {
            Some(lane) if !lane.wanted => {
                lane.waits = Some(at);
                self.work.end();
                true
            }
            Some(lane) => {
                lane.wanted = false;
                false
            }
            None => false,
        }
    }

    /// The lane goes on.
    fn unpark(&self, conversation_id: &str) {
        if let Some(lane) = self.lanes().get_mut(conversation_id) {
            lane.wanted = false;
            if lane.waits.take().is_some() {
                self.work.begin();
            }
        }
    }

    /// The lane has nothing more to send; whether it ends.
    fn leave(&self, conversation_id: &str) -> bool {
        let mut lanes = self.lanes();
        match lanes.get_mut(conversation_id) {
            Some(lane) if lane.wanted => {
                lane.wanted = false;
                false
            }
            _ => {
                lanes.remove(conversation_id);
                self.work.end();
                true
            }
        }
    }
}

async fn run(gateway: Weak<Gateway>, conversation_id: String, notify: Arc<Notify>) {
    loop {
        let Some(this) = gateway.upgrade() else { return };
        let stopping = this.work.stopping();
        if this.work.is_stopped() {
            this.work.end();
            return;
        }
        let step = trying::step(&this, &conversation_id).await;
        let step = match step {
            Ok(step) => step,
            Err(error) => {
                tracing::error!(%error, "what is to be sent cannot be read or written now: trying again");
                let rest = this.work.rest(REST);
                drop(this);
                rest.await;
                continue;
            }
        };
        match step {
            Step::Again => {}
            Step::Done => {
                if this.sender.leave(&conversation_id) {
                    return;
                }
            }
            Step::Wait(at) => {
                if !this.sender.park(&conversation_id, at) {
                    continue;
                }
                let until = this.clock.until(at);
                drop(this);
                let told = async {
                    tokio::select! {
                        () = stopping => true,
                        () = notify.notified() => false,
                    }
                };
                let stopped = match until {
                    Some(span) => tokio::time::timeout(span, told).await.unwrap_or(false),
                    None => told.await,
                };
                if stopped {
                    return;
                }
                let Some(this) = gateway.upgrade() else { return };
                this.sender.unpark(&conversation_id);
            }
        }
    }
}

/// Puts a message on its way, in the transaction that stores it. What Instagram has no form for has failed already.
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    scene: &mut Scene,
    client: &Client,
    message: &Message,
    is_ai: bool,
) -> Result<()> {
    let gateway = Arc::clone(&scene.gateway);
    let Some(integration) = scene.integration(tx, client)? else { return Ok(()) };
    let says_so = is_ai && integration.doc.flag("showAIDisclaimer", true);
    let disclaimer = gateway.settings.ai_disclaimer.as_deref().filter(|_| says_so);
    let content = message.doc.0.get("content").cloned().unwrap_or_default();
    let parts = match mapping::parts(&content, integration.profile(&gateway), disclaimer) {
        Ok(parts) => parts,
        Err(mapping::Unsupported(kind)) => {
            let error = json!({
                "code": "uncategorized_error", "message": format!("Unsupported message type `{kind}`"),
            });
            return delivery::failure(tx, scene, &integration.id, &message.id, &error);
        }
    };
    let is_bot = is_ai || is_held_by_bot(tx, scene)?;
    let row = Outgoing {
        conversation_id: message.conversation_id.clone(),
        at: message.at,
        message_id: message.id.clone(),
        app_id: client.app_id.clone(),
        integration_id: integration.id,
        igsid: client.external_id.clone(),
        is_bot,
        parts,
        done: 0,
        mids: Vec::new(),
        state: State::Waiting,
        attempts: 0,
        looks: 0,
        made_at: tx.now(),
        began_at: Micros(0),
        next_at: Micros(0),
    };
    outgoing::add(tx, &row)?;
    tx.after_commit(move || gateway.sender.wake(&row.conversation_id));
    Ok(())
}

/// Whether the integration that has control is one of a bot: it was made with `automated`.
fn is_held_by_bot(tx: &mut Tx<'_>, scene: &Scene) -> Result<bool> {
    let board = scene.board.as_ref();
    let active = board.zip(scene.conversation.active.as_ref()).and_then(|(board, id)| board.by_id(id));
    let Some(active) = active else { return Ok(false) };
    let id = active.doc.text("integrationId");
    let integration = crate::integrations::store::find(tx, &scene.conversation.app_id, id)?;
    Ok(integration.is_some_and(|one| one.doc.flag("automated", false)))
}
