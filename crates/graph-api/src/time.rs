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

/// The form in which token errors name an instant: Pacific time, `Thursday, 29-Jul-21 10:00:00 PDT` (cap).
pub fn token_error(at: Micros) -> String {
    // The rule of the United States since 2007, spelled out so that no time zone database is needed.
    TimeZone::posix("PST8PDT,M3.2.0,M11.1.0")
        .map_or_else(|_| rfc3339(at), |pacific| format(at, "%A, %d-%b-%y %H:%M:%S %Z", &pacific))
}

fn format(at: Micros, form: &str, zone: &TimeZone) -> String {
    let clamped = at.0.clamp(Timestamp::MIN.as_microsecond(), Timestamp::MAX.as_microsecond());
    Timestamp::from_microsecond(clamped)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_zoned(zone.clone())
        .strftime(form)
        .to_string()
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

    #[test]
    fn extremes_do_not_panic() {
        for at in [i64::MIN, i64::MAX, 0] {
            assert!(!graph(Micros(at)).is_empty());
        }
    }
}
