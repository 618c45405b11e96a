//! What can be set of the whole platform.

use super::input::Input;
use super::{SimError, SimResult, published};
use crate::publishing::settings::{Kind, Setting};
use crate::settings::CodeExchange;
use crate::{Platform, settings};
use graph_api::locale::Locale;
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /sim/settings`.
pub(super) fn show(platform: &Platform) -> Value {
    let mut shown = json!({
        "webhook_batch": platform.settings.webhook_batch(),
        "webhook_switch_off": platform.settings.webhook_switch_off(),
        "ad_window_days": platform.settings.ad_window_days(),
        "rate_limits": platform.settings.rate_limits(),
        "rate_multiplier": platform.settings.rate_multiplier(),
        "code_exchange": platform.settings.code_exchange().name(),
        "legacy_comment_rules": platform.settings.legacy_comment_rules(),
        "locale": platform.settings.locale_name(),
    });
    if let Some(shown) = shown.as_object_mut() {
        published::settings(platform, shown);
    }
    shown
}

/// `PATCH /sim/settings {"webhook_batch"?,"webhook_switch_off"?,"ad_window_days"?,"rate_limits"?,"rate_multiplier"?,
/// "code_exchange"?,"legacy_comment_rules"?,"locale"?}`, and those of publishing ([`Setting`]): all of them, or none if one is wrong.
pub(super) async fn change(platform: &Arc<Platform>, mut input: Input) -> SimResult {
    let batch = within(&mut input, "webhook_batch", 1000)?;
    let days = within(&mut input, "ad_window_days", settings::AD_WINDOW_DAYS)?;
    let people = within(&mut input, "rate_multiplier", u64::from(settings::MOST_PEOPLE))?;
    let switch_off = input.flag("webhook_switch_off")?;
    let limits = input.flag("rate_limits")?;
    let exchange = input.text("code_exchange")?.map(|name| {
        let rule = "must be \"flat\", \"flat_number\" or \"documented\"";
        CodeExchange::parse(&name).ok_or_else(|| SimError::bad("code_exchange", rule))
    });
    let exchange = exchange.transpose()?;
    let of_publishing = of_publishing(&mut input)?;
    let legacy = input.flag("legacy_comment_rules")?;
    let locale = input.text("locale")?;
    let is_known = |locale: &str| locale == settings::ENGLISH || Locale::parse(locale).is_some();
    if locale.as_deref().is_some_and(|locale| !is_known(locale)) {
        let rule = "must be \"en_US\", or a locale in de, es, fr, ja, pt or ru, such as \"pt_BR\"";
        return Err(SimError::bad("locale", rule));
    }
    input.done()?;
    let this = Arc::clone(platform);
    platform
        .db
        .write(move |tx| {
            let stored = [
                (settings::WEBHOOK_BATCH, batch.map(|batch| batch.to_string())),
                (settings::AD_WINDOW, days.map(|days| days.to_string())),
                (settings::WEBHOOK_SWITCH_OFF, switch_off.map(|ends| ends.to_string())),
                (settings::RATE_LIMITS, limits.map(|on| on.to_string())),
                (settings::RATE_MULTIPLIER, people.map(|people| people.to_string())),
                (settings::CODE_EXCHANGE, exchange.map(|how| how.name().to_owned())),
                (settings::LEGACY_COMMENT_RULES, legacy.map(|on| on.to_string())),
                (settings::LOCALE, locale.clone()),
            ];
            for (name, value) in stored {
                if let Some(value) = value {
                    settings::write(tx, name, &value)?;
                }
            }
            for (setting, value) in &of_publishing {
                settings::write(tx, setting.name(), &value.to_string())?;
            }
            let (this, of_publishing, locale) = (Arc::clone(&this), of_publishing.clone(), locale.clone());
            tx.after_commit(move || {
                let set = &this.settings;
                for (setting, value) in of_publishing {
                    set.publishing.set(setting, value);
                }
                if let Some(batch) = batch {
                    set.set_webhook_batch(usize::try_from(batch).unwrap_or(usize::MAX));
                }
                if let Some(ends) = switch_off {
                    set.set_webhook_switch_off(ends);
                }
                if let Some(days) = days {
                    set.set_ad_window_days(days);
                }
                if let Some(on) = limits.filter(|on| *on != set.rate_limits()) {
                    // Switched on, the limits begin with nothing used.
                    this.rates.forget();
                    set.set_rate_limits(on);
                }
                if let Some(people) = people {
                    set.set_rate_multiplier(u32::try_from(people).unwrap_or(u32::MAX));
                }
                if let Some(how) = exchange {
                    set.set_code_exchange(how);
                }
                if let Some(on) = legacy {
                    set.set_legacy_comment_rules(on);
                }
                if let Some(locale) = locale {
                    set.set_locale(&locale);
                }
            });
            Ok::<_, storage::Error>(())
        })
        .await?;
    Ok(show(platform))
}

/// The settings of publishing that are named: spans in milliseconds, 1 for yes.
fn of_publishing(input: &mut Input) -> Result<Vec<(Setting, i64)>, SimError> {
    let mut named = Vec::new();
    for setting in Setting::ALL {
        let name = setting.name();
        let value = match setting.kind() {
            Kind::Flag => input.flag(name)?.map(i64::from),
            Kind::Number(most) => {
                let number = within(input, name, most.unsigned_abs())?;
                number.map(|number| i64::try_from(number).unwrap_or(most))
            }
            Kind::Span(most) => match input.span(name)?.map(|span| i64::try_from(span.as_millis())) {
                Some(Ok(span)) if span <= most => Some(span),
                Some(_) => return Err(SimError::bad(name, format!("must be at most {} s", most / 1000))),
                None => None,
            },
        };
        named.extend(value.map(|value| (setting, value)));
    }
    Ok(named)
}

/// A whole number from 1.
fn within(input: &mut Input, name: &str, most: u64) -> Result<Option<u64>, SimError> {
    match input.number(name)? {
        Some(number) if !(1..=most).contains(&number) => {
            Err(SimError::bad(name, format!("must be 1 to {most}")))
        }
        number => Ok(number),
    }
}
