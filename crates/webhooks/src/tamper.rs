//! What can be done to deliveries on purpose, so that receivers can be tested against it. A [`crate::Endpoint`] decides;
//! nothing here is used while it tampers with nothing.

use clock::Micros;

use crate::{Envelope, Outcome};

/// What becomes of an event that would be sent now, for the first time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is sent.
    Sent,
    /// It is not sent, and counts as delivered: [`Outcome::Dropped`].
    Dropped {
        /// What did it, for the log.
        by: String,
    },
    /// It is sent later; what follows in its lane goes before it. It waits with the retries, as an event that was not
    /// tried yet, so that a restart keeps it.
    Held {
        /// When it is sent, by the world's clock.
        until: Micros,
        /// Whether it is sent earlier if another event of its lane has been.
        overtaken: bool,
        /// What did it, for the log.
        by: String,
    },
}

/// What is done to one attempt.
#[derive(Clone, Debug, Default)]
pub struct Tampering {
    /// What did it, for the log.
    pub by: String,
    /// What is sent instead of the endpoint's envelope.
    pub envelope: Option<Envelope>,
    /// What is sent after that, one POST each. What comes of them changes nothing.
    pub copies: Vec<Envelope>,
    /// What counts as the answer.
    pub answer: Option<Outcome>,
    /// Nothing is sent: [`Tampering::answer`] is all there is.
    pub unsent: bool,
}
