//! A past for an account that has none: days, weeks and a year as a shop or café of some size has them. The same seed makes the
//! same past.

use super::parts::Parts;
use super::rules::{Series, surface};
use super::{BIO_LINK, Button, Way, store};
use crate::accounts;
use crate::{people, publishing};
use clock::{Chance, SeededChance};
use graph_api::insights::{Breakdown, DAYS, Surface};
use graph_api::time::PacificDay;
use storage::{Result, Tx};

/// What is wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct History {
    /// How many days before today.
    pub days: i64,
    /// How many followers the account has at the end.
    pub followers: i64,
    /// The seed.
    pub seed: u64,
}

const PRODUCTS: [(&str, f64); 4] =
    [("POST", 0.30), ("CAROUSEL_CONTAINER", 0.12), ("REEL", 0.40), ("STORY", 0.18)];
const FOLLOWS: [(&str, f64); 2] = [("FOLLOWER", 0.62), ("NON_FOLLOWER", 0.38)];
/// When those who are seen on a day were last seen, in days.
const GAPS: [(i64, f64); 5] = [(31, 0.28), (14, 0.12), (7, 0.20), (3, 0.15), (1, 0.25)];
const BUTTONS: [(Button, f64); 4] =
    [(Button::Call, 0.35), (Button::Direction, 0.3), (Button::Email, 0.25), (Button::Text, 0.1)];
/// From Monday on.
const WEEK: [f64; 7] = [0.92, 0.9, 0.96, 1.0, 1.08, 1.2, 1.12];

/// Who the followers are, and who is reached.
const PEOPLE: [(Breakdown, &[(&str, f64)]); 4] = [
    (
        Breakdown::Age,
        &[
            ("13-17", 0.03),
            ("18-24", 0.22),
            ("25-34", 0.36),
            ("35-44", 0.21),
            ("45-54", 0.11),
            ("55-64", 0.05),
            ("65+", 0.02),
        ],
    ),
    (
        Breakdown::City,
        &[
            ("Lisbon, Lisboa", 0.28),
            ("Porto, Porto", 0.16),
            ("London, England", 0.09),
            ("Madrid, Comunidad de Madrid", 0.08),
            ("Berlin, Berlin", 0.06),
            ("São Paulo, São Paulo", 0.06),
            ("Paris, Île-de-France", 0.05),
            ("New York, New York", 0.04),
        ],
    ),
    (
        Breakdown::Country,
        &[("PT", 0.52), ("GB", 0.12), ("ES", 0.1), ("DE", 0.08), ("BR", 0.07), ("FR", 0.06), ("US", 0.05)],
    ),
    (Breakdown::Gender, &[("F", 0.55), ("M", 0.39), ("U", 0.06)]),
];

/// Everything that is written for the days before today.
const ALL: &[Series] = &[
    Series::Views,
    Series::Likes,
    Series::Comments,
    Series::Shares,
    Series::Saves,
    Series::Replies,
    Series::Reposts,
    Series::ProfileViews,
    Series::WebsiteClicks,
    Series::Contacts,
    Series::Follows,
    Series::Online,
    Series::Reach,
    Series::ReachByProduct,
    Series::ReachByFollow,
    Series::ReachByBoth,
    Series::Engaged,
    Series::ReachedPeople(Breakdown::Age),
    Series::ReachedPeople(Breakdown::City),
    Series::ReachedPeople(Breakdown::Country),
    Series::ReachedPeople(Breakdown::Gender),
    Series::EngagedPeople(Breakdown::Age),
    Series::EngagedPeople(Breakdown::City),
    Series::EngagedPeople(Breakdown::Country),
    Series::EngagedPeople(Breakdown::Gender),
];

/// Gives the account that past in place of the one it has; what was counted today stays. Its media get figures that fit.
/// Answers how much happened; `None` if there is no such account.
pub(crate) fn write(tx: &mut Tx<'_>, account: i64, history: &History) -> Result<Option<i64>> {
    let mut kept = store::lock(tx, account)?;
    let Some(mut found) = accounts::store::find(tx, account)? else { return Ok(None) };
    let here = people::store::followers(tx, found.user_no)?;
    found.more_followers = history.followers.saturating_sub(here).max(0);
    accounts::store::update(tx, &found)?;
    let dice = Dice(SeededChance::new(history.seed));
    let today = PacificDay::of(tx.now());
    for series in ALL {
        store::forget_before(tx, account, *series, today)?;
    }
    let mut happened = 0;
    for ago in (1..=history.days).rev() {
        let day = Day { account, day: today.plus(-ago), dice: &dice };
        let grown = 1.0 - 0.4 * ago as f64 / 365.0_f64.max(history.days as f64);
        let size = history.followers as f64 * grown * dice.near(1.0) * week(day.day);
        happened += day.write(tx, size, ago <= DAYS + 1)?;
    }
    kept.followers = Parts::default();
    for (by, values) in PEOPLE {
        for (value, share) in values {
            let people = dice.whole(history.followers as f64 * share);
            kept.followers.add(&format!("{}|{value}", by.name()), people);
        }
    }
    store::save(tx, account, &kept)?;
    for media in publishing::store::of_account(tx, account)? {
        let size = history.followers as f64 * dice.near(0.5);
        let parts = of_media(&dice, size, surface(&media));
        happened += parts.get("views");
        store::set_media(tx, account, media.id, &parts)?;
    }
    Ok(Some(happened))
}

fn week(day: PacificDay) -> f64 {
    // The first of January 1970 was a Thursday.
    WEEK[usize::try_from((day.0 + 3).rem_euclid(7)).unwrap_or(0)]
}

struct Dice(SeededChance);

impl Dice {
    /// From 0 to 1.
    fn roll(&self) -> f64 {
        (self.0.number() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A fifth more or less.
    fn near(&self, value: f64) -> f64 {
        value * (0.8 + 0.4 * self.roll())
    }

    /// A whole number near the value, whose mean is the value: of 0.2, every fifth is 1.
    fn whole(&self, value: f64) -> i64 {
        (self.near(value) + self.roll()).floor().max(0.0) as i64
    }
}

struct Day<'a> {
    account: i64,
    day: PacificDay,
    dice: &'a Dice,
}

impl Day<'_> {
    /// Writes a day of an account of that size; answers how much happened on it.
    fn write(&self, tx: &mut Tx<'_>, size: f64, is_recent: bool) -> Result<i64> {
        let dice = self.dice;
        let (reach, engaged) = (size * 0.12, size * 0.009);
        let mut happened = 0;
        let mut counts = |tx: &mut Tx<'_>, series: Series, parts: Vec<(String, f64)>| -> Result<()> {
            let mut all = Parts::default();
            for (name, value) in parts {
                let number = dice.whole(value);
                happened += number;
                if number > 0 {
                    all.add(&name, number);
                }
            }
            store::set_day(tx, self.account, series, self.day, &all)
        };
        let one = |value: f64| vec![(String::new(), value)];
        let products = |value: f64| {
            PRODUCTS.iter().map(move |(name, share)| ((*name).to_owned(), value * share)).collect::<Vec<_>>()
        };
        let views = reach * 1.7;
        counts(tx, Series::Views, both().map(|(name, share)| (name, views * share)).collect())?;
        counts(tx, Series::Likes, products(views * 0.045))?;
        counts(tx, Series::Comments, products(views * 0.004))?;
        counts(tx, Series::Shares, products(views * 0.006))?;
        counts(tx, Series::Saves, products(views * 0.008))?;
        counts(tx, Series::Replies, vec![("STORY".to_owned(), size * 0.0008)])?;
        counts(tx, Series::Reposts, products(views * 0.002))?;
        counts(tx, Series::ProfileViews, one(reach * 0.03))?;
        counts(tx, Series::WebsiteClicks, one(reach * 0.004))?;
        let taps = BUTTONS.iter().map(|(button, share)| (button.name().to_owned(), reach * 0.003 * share));
        counts(tx, Series::Contacts, taps.collect())?;
        let follows = [("FOLLOWER", 0.0025), ("NON_FOLLOWER", 0.0012)];
        counts(tx, Series::Follows, follows.map(|(name, share)| (name.to_owned(), size * share)).into())?;

        self.people(tx, Series::Reach, [(String::new(), reach)])?;
        // Some see content of several kinds.
        let by_product = PRODUCTS.map(|(name, share)| (name.to_owned(), reach * share * 1.2));
        self.people(tx, Series::ReachByProduct, by_product)?;
        let by_follow = FOLLOWS.map(|(name, share)| (name.to_owned(), reach * share));
        self.people(tx, Series::ReachByFollow, by_follow)?;
        self.people(tx, Series::ReachByBoth, both().map(|(name, share)| (name, reach * share * 1.2)))?;
        self.people(tx, Series::Engaged, [(String::new(), engaged)])?;
        if is_recent {
            for (by, values) in PEOPLE {
                let shares =
                    |all: f64| values.iter().map(move |(name, share)| ((*name).to_owned(), all * share));
                self.people(tx, Series::ReachedPeople(by), shares(reach))?;
                self.people(tx, Series::EngagedPeople(by), shares(engaged))?;
            }
            let mut online = Parts::default();
            for hour in 0..24 {
                online.add(&hour.to_string(), dice.whole(size * 0.3 * awake(hour)));
            }
            store::set_day(tx, self.account, Series::Online, self.day, &online)?;
        }
        Ok(happened)
    }

    fn people(
        &self,
        tx: &mut Tx<'_>,
        series: Series,
        parts: impl IntoIterator<Item = (String, f64)>,
    ) -> Result<()> {
        let mut all = Parts::default();
        for (name, value) in parts {
            for (gap, share) in GAPS {
                let people = self.dice.whole(value * share);
                if people > 0 {
                    all.add_people(&name, gap, people);
                }
            }
        }
        store::set_day(tx, self.account, series, self.day, &all)
    }
}

/// Products by who follows, with their shares.
fn both() -> impl Iterator<Item = (String, f64)> {
    PRODUCTS.iter().flat_map(|(product, share)| {
        FOLLOWS.iter().map(move |(follow, part)| (format!("{product},{follow}"), share * part))
    })
}

/// How many of the followers are in the app at an hour of California, where it is evening when Europe sleeps.
fn awake(hour: u8) -> f64 {
    let away = (f64::from(hour) - 12.0).abs().min(12.0) / 12.0;
    0.25 + 0.75 * (1.0 - away)
}

fn of_media(dice: &Dice, size: f64, surface: Surface) -> Parts {
    let mut parts = Parts::default();
    let reach = dice.whole(size * 0.4) + 10;
    let views = reach + dice.whole(reach as f64 * 0.6);
    let mut set = |name: &str, number: i64| parts.add(name, number);
    let of = |share: f64| dice.whole(views as f64 * share);
    set("reach", reach);
    set("views", views);
    for (name, share) in
        [("likes", 0.05), ("comments", 0.004), ("saved", 0.008), ("shares", 0.006), ("reposts", 0.002)]
    {
        set(name, of(share));
    }
    for (name, share) in [("profile_visits", 0.03), ("follows", 0.004)] {
        set(name, of(share));
    }
    set(&format!("profile_activity|{BIO_LINK}"), of(0.004));
    set(&format!("profile_activity|{}", Button::Email.action()), of(0.001));
    match surface {
        Surface::Reels => {
            set("watch_ms", views * 6500);
            set("skips", of(0.4));
        }
        Surface::Story => {
            set("replies", of(0.01));
            set("link_clicks", of(0.01));
            for (way, share) in Way::ALL.iter().zip([0.7, 0.06, 0.1, 0.08]) {
                set(&format!("navigation|{}", way.name()), of(share));
            }
        }
        Surface::Feed => {}
    }
    parts
}
