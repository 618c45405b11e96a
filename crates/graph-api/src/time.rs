//! Instants as the contract writes them. Inside they are [`Micros`]; the forms below exist on the wire only.

use clock::Micros;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Graph node time, `2022-07-12T19:11:07+0000`: seconds, always UTC, no colon in the offset (cap: Meta's Postman
/// collection; the Unix timestamps on the Conversations pages are wrong).
pub fn graph(at: Micros) -> String {
    format(at, "%Y-%m-%dT%H:%M:%S+0000", &TimeZone::UTC)
}

/// RFC 3339 with milliseconds, `2026-01-01T00:00:00.000Z`, as the sandbox's own interface writes it.
pub fn rfc3339(at: Micros) -> String {
    format(at, "%Y-%m-%dT%H:%M:%S%.3fZ", &TimeZone::UTC)
}

/// Reads an RFC 3339 instant, or a whole number of seconds or milliseconds since the epoch.
pub fn parse(text: &str) -> Option<Micros> {
    if let Ok(number) = text.parse::<i64>() {
        // Seconds have ten digits until the year 2286; milliseconds have thirteen.
        let scale = if number.unsigned_abs() >= 100_000_000_000 { 1_000 } else { 1_000_000 };
        return number.checked_mul(scale).map(Micros);
    }
    text.parse::<Timestamp>().ok().map(|t| Micros(t.as_microsecond()))
}

/// The same, or a day such as `2026-01-31`: its beginning, in UTC.
pub fn parse_day(text: &str) -> Option<Micros> {
    parse(text).or_else(|| {
        let day = text.parse::<jiff::civil::Date>().ok()?;
        let begins = day.to_zoned(TimeZone::UTC).ok()?;
        Some(Micros(begins.timestamp().as_microsecond()))
    })
}

/// Days of Pacific time, in which insights are counted, by their number since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PacificDay(pub i64);

impl PacificDay {
    /// The day on which an instant lies.
    pub fn of(at: Micros) -> Self {
        Self::and_hour(at).0
    }

    /// The day on which an instant lies, and the hour of it, 0 to 23.
    pub fn and_hour(at: Micros) -> (Self, i8) {
        let at = zoned(at, &pacific());
        let epoch = jiff::civil::date(1970, 1, 1);
        (Self(at.date().duration_since(epoch).as_hours() / 24), at.hour())
    }

    /// Its midnight. In UTC that is seven o'clock in summer and eight in winter (doc and cap: `end_time` of insights).
    pub fn begins(self) -> Micros {
        let epoch = jiff::civil::date(1970, 1, 1);
        // The years -9999 to 9999, which are what a date can hold.
        let days = self.0.clamp(-4_000_000, 2_932_000);
        let date = epoch.saturating_add(jiff::SignedDuration::from_hours(days * 24));
        let begins = date.to_zoned(pacific()).map(|midnight| midnight.timestamp().as_microsecond());
        Micros(begins.unwrap_or(i64::MAX))
    }

    /// The day that lies so many days later.
    #[must_use]
    pub const fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The day that a date such as `2026-01-31` names.
    pub fn parse(text: &str) -> Option<Self> {
        let date = text.parse::<jiff::civil::Date>().ok()?;
        Some(Self(date.duration_since(jiff::civil::date(1970, 1, 1)).as_hours() / 24))
    }
}

/// The rule of the United States since 2007, spelled out so that no time zone database is needed.
fn pacific() -> TimeZone {
    TimeZone::posix("PST8PDT,M3.2.0,M11.1.0").unwrap_or(TimeZone::UTC)
}

/// The form in which token errors name an instant: Pacific time, `Thursday, 29-Jul-21 10:00:00 PDT` (cap).
pub fn token_error(at: Micros) -> String {
    format(at, "%A, %d-%b-%y %H:%M:%S %Z", &pacific())
}

fn format(at: Micros, form: &str, zone: &TimeZone) -> String {
    zoned(at, zone).strftime(form).to_string()
}

fn zoned(at: Micros, zone: &TimeZone) -> jiff::Zoned {
    let clamped = at.0.clamp(Timestamp::MIN.as_microsecond(), Timestamp::MAX.as_microsecond());
    Timestamp::from_microsecond(clamped).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_forms() {
        let at = parse("2022-07-12T19:11:07.447487Z").unwrap();
        assert_eq!(graph(at), "2022-07-12T19:11:07+0000");
        assert_eq!(rfc3339(at), "2022-07-12T19:11:07.447Z");
        assert_eq!(parse("2022-07-12T21:11:07.447487+02:00"), Some(at));
        assert_eq!(parse("1657653067"), Some(Micros(1_657_653_067_000_000)));
        assert_eq!(parse("1657653067447"), Some(Micros(1_657_653_067_447_000)));
        assert_eq!(parse("yesterday"), None);
        assert_eq!(parse_day("2022-07-12"), parse("2022-07-12T00:00:00Z"));
        assert_eq!(parse_day("2022-07-32"), None);
        assert_eq!(parse("9223372036854775807"), None);
    }

    /// The texts of two captured errors: summer and winter time.
    #[test]
    fn token_errors_name_pacific_time() {
        assert_eq!(token_error(parse("2021-07-29T17:00:00Z").unwrap()), "Thursday, 29-Jul-21 10:00:00 PDT");
        assert_eq!(token_error(parse("2025-12-01T19:00:00Z").unwrap()), "Monday, 01-Dec-25 11:00:00 PST");
    }

    /// A day ends at seven or eight in UTC, and the days on which the clocks change have 23 and 25 hours.
    #[test]
    fn pacific_days() {
        for (day, begins) in [
            ("2025-12-09", "2025-12-09T08:00:00+0000"),
            ("2026-07-01", "2026-07-01T07:00:00+0000"),
            ("2026-03-08", "2026-03-08T08:00:00+0000"),
            ("2026-03-09", "2026-03-09T07:00:00+0000"),
        ] {
            let day = PacificDay::parse(day).unwrap();
            assert_eq!(graph(day.begins()), begins);
            assert_eq!(PacificDay::and_hour(day.begins()), (day, 0));
            let before = Micros(day.begins().0 - 1);
            assert_eq!(PacificDay::and_hour(before), (day.plus(-1), 23));
        }
        assert_eq!(PacificDay::of(Micros(0)), PacificDay(-1));
        assert_eq!(PacificDay::parse("2026-02-30"), None);
    }

    #[test]
    fn extremes_do_not_panic() {
        for at in [i64::MIN, i64::MAX, 0] {
            assert!(!graph(Micros(at)).is_empty());
            let _ = PacificDay(at).begins();
            let _ = PacificDay::of(Micros(at)).begins();
        }
    }
}
