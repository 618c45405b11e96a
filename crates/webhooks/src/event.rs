//! An event on its way to an endpoint, and its name.

use std::fmt;
use std::str::FromStr;

use bytes::Bytes;
use clock::Micros;
use storage::{FromRow, Row};

/// An endpoint, as the half names it that owns the subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointId(pub i64);

impl fmt::Display for EndpointId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One stored event for one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Where it goes.
    pub endpoint: EndpointId,
    /// When it was made. Unique within its lane, and never less than that of an event which the lane got before.
    pub at: Micros,
    /// The conversation: events of one lane are delivered in order.
    pub lane: i64,
    /// What the event is about: the id of the envelope's entry.
    pub subject: i64,
    /// In the dialect's own numbering, which sender or array of the envelope it belongs to.
    pub channel: i64,
    /// Its kind, such as `messages`.
    pub topic: String,
    /// The final inner bytes, which the dialect puts into an envelope for each attempt.
    pub body: Bytes,
}

impl Event {
    /// What tells this event from all others.
    pub fn key(&self) -> EventKey {
        EventKey { endpoint: self.endpoint, at: self.at, lane: self.lane }
    }
    /// The delivery's stable, printable id: the [`EventKey`] as text.
    pub fn id(&self) -> String {
        self.key().to_string()
    }
}

/// The columns that the three tables have in common, in the order in which [`Event`] is read.
macro_rules! event_columns {
    () => {
        "endpoint_id, at, lane, subject, channel, topic, body"
    };
}
pub(crate) use event_columns;

/// The number of [`event_columns`]: where a table's own columns begin.
pub(crate) const EVENT_COLUMNS: usize = 7;

impl FromRow for Event {
    fn from_row(row: &Row<'_>) -> storage::Result<Self> {
        Ok(Self {
            endpoint: EndpointId(row.int(0)?),
            at: row.micros(1)?,
            lane: row.int(2)?,
            subject: row.int(3)?,
            channel: row.int(4)?,
            topic: row.text(5)?,
            body: row.bytes(6)?.into(),
        })
    }
}

/// An event's name: its endpoint, its time and its lane. As text `endpoint.at.lane`, all in decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventKey {
    /// Where it goes.
    pub endpoint: EndpointId,
    /// When it was made.
    pub at: Micros,
    /// Its conversation.
    pub lane: i64,
}

impl fmt::Display for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.endpoint.0, self.at.0, self.lane)
    }
}

/// The text is no [`EventKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a delivery")]
pub struct BadEventKey;

impl FromStr for EventKey {
    type Err = BadEventKey;

    /// Reads exactly what [`fmt::Display`] writes: each key has one text.
    fn from_str(text: &str) -> Result<Self, BadEventKey> {
        let mut numbers = text.split('.').map(|part| part.parse::<i64>().map_err(|_| BadEventKey));
        let mut next = || numbers.next().unwrap_or(Err(BadEventKey));
        let key = Self { endpoint: EndpointId(next()?), at: Micros(next()?), lane: next()? };
        if key.to_string() == text { Ok(key) } else { Err(BadEventKey) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_one_text() {
        let key = EventKey { endpoint: EndpointId(7), at: Micros(1_762_021_299_932_000), lane: -5 };
        assert_eq!(key.to_string(), "7.1762021299932000.-5");
        assert_eq!(key.to_string().parse(), Ok(key));
        for bad in
            ["", "7", "7.1", "7.1.2.3", "7.1.+2", "07.1.2", "7.1.2 ", "7..2", "7.1.9223372036854775808"]
        {
            assert_eq!(bad.parse::<EventKey>(), Err(BadEventKey), "{bad}");
        }
    }
}
