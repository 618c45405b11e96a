//! One attempt at once, outside lanes and schedule.

use std::sync::Arc;

use storage::{ReadTx, params};
use tokio::sync::oneshot;

use crate::event::event_columns;
use crate::ledger::Place;
use crate::mailbox::Request;
use crate::{Attempt, Event, EventKey, Handle};

/// Why an event was not replayed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// No such event is pending, retrying or dead. If it was delivered, [`Handle::replay_event`] sends it again.
    #[error("no such delivery is waiting")]
    Unknown,
    /// An attempt of this event is being made right now.
    #[error("an attempt of this delivery is under way")]
    InFlight,
    /// The dispatcher has stopped.
    #[error("the dispatcher has stopped")]
    Stopped,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// A replay, as it is handed to the endpoint's task.
pub(crate) struct Replaying {
    pub(crate) event: Arc<Event>,
    /// The table it is in, if it is in one.
    pub(crate) place: Option<Place>,
    /// The number of the attempt.
    pub(crate) number: u32,
    pub(crate) answer: oneshot::Sender<Result<Attempt, ReplayError>>,
}

impl Handle {
    /// Tries one event now that is pending, retrying or dead, outside lanes and schedule, and answers the attempt. If it
    /// is accepted, the event counts as delivered; if not, it stays where and as it was.
    pub async fn replay(&self, key: EventKey) -> Result<Attempt, ReplayError> {
        let found = self.shared().db.read(move |tx| find(tx, key)).await?;
        let Some((event, place, attempts)) = found else { return Err(ReplayError::Unknown) };
        self.hand_over(Arc::new(event), Some(place), attempts.saturating_add(1)).await
    }

    /// Sends an event now that is in no table any more, since it was delivered, and answers the attempt.
    pub async fn replay_event(&self, event: Event) -> Attempt {
        let replayed = self.hand_over(Arc::new(event), None, 1).await;
        replayed.unwrap_or_else(|error| Attempt {
            replay: true,
            ..Attempt::not_made(self.shared().clock.now(), &error.to_string())
        })
    }

    async fn hand_over(
        &self,
        event: Arc<Event>,
        place: Option<Place>,
        number: u32,
    ) -> Result<Attempt, ReplayError> {
        let mailbox = self.shared().mailbox(event.endpoint).ok_or(ReplayError::Stopped)?;
        let (answer, answered) = oneshot::channel();
        mailbox.request(Request::Replay(Replaying { event, place, number, answer }));
        answered.await.unwrap_or(Err(ReplayError::Stopped))
    }
}

/// The event, the table it is in, and how often it was tried.
fn find(tx: &mut ReadTx<'_>, key: EventKey) -> storage::Result<Option<(Event, Place, u32)>> {
    macro_rules! look_in {
        ($table:literal, $attempts:literal, $place:expr) => {
            let found = tx.one::<WithAttempts>(
                concat!(
                    "SELECT ",
                    event_columns!(),
                    ", ",
                    $attempts,
                    " FROM ",
                    $table,
                    " WHERE endpoint_id = $1 AND at = $2 AND lane = $3"
                ),
                params![key.endpoint.0, key.at, key.lane],
            )?;
            if let Some(WithAttempts(event, attempts)) = found {
                return Ok(Some((event, $place, attempts)));
            }
        };
    }
    look_in!("webhook_retry", "attempts", Place::Retry);
    look_in!("dead_letter", "attempts", Place::Dead);
    look_in!("outbox", "0", Place::Outbox);
    Ok(None)
}

struct WithAttempts(Event, u32);

impl storage::FromRow for WithAttempts {
    fn from_row(row: &storage::Row<'_>) -> storage::Result<Self> {
        let attempts = u32::try_from(row.int(crate::event::EVENT_COLUMNS)?).unwrap_or(u32::MAX);
        Ok(Self(Event::from_row(row)?, attempts))
    }
}
