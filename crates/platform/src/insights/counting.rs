//! Counting: what happens to the aggregates when somebody does something.

use super::parts::{LONG_AGO, Parts};
use super::rules::{self, Series};
use super::store::{self, Member};
use super::traits::{self, Traits};
use super::{Act, BIO_LINK, Deed};
use crate::publishing::Media;
use crate::{accounts, people};
use graph_api::insights::{Breakdown, DEMOGRAPHICS};
use graph_api::time::PacificDay;
use storage::{Result, Tx};

/// Counts something, in the transaction that causes it. What does not change anything (a like of what is liked) counts
/// nothing; answers whether it did.
pub(crate) fn count(tx: &mut Tx<'_>, deed: &Deed<'_>) -> Result<bool> {
    store::lock(tx, deed.account)?;
    let mut sheet = Sheet::begin(tx, deed)?;
    if let Some((mark, stands)) = mark(deed.act)
        && !sheet.set_mark(tx, mark, stands)?
    {
        return Ok(false);
    }
    sheet.enter(tx)?;
    sheet.close(tx)?;
    Ok(true)
}

/// Somebody began to follow somebody else, or stopped, after the table of follows was changed. Counts if the other is an
/// account; `from` is the medium from which they came to its profile.
pub(crate) fn follow(
    tx: &mut Tx<'_>,
    (follower_no, followed_no): (i64, i64),
    begins: bool,
    from: Option<&Media>,
) -> Result<()> {
    if let Some(account) = accounts::store::id_of_user(tx, followed_no)? {
        count(tx, &Deed { account, user_no: follower_no, media: from, act: Act::Follow(begins) })?;
    }
    Ok(())
}

/// What a person can do once and take back.
const fn mark(act: Act) -> Option<(&'static str, bool)> {
    match act {
        Act::Like(stands) => Some(("like", stands)),
        Act::Save(stands) => Some(("save", stands)),
        Act::Repost(stands) => Some(("repost", stands)),
        _ => None,
    }
}

/// The counts of one deed, read as they are needed and written together.
struct Sheet<'a> {
    deed: &'a Deed<'a>,
    day: PacificDay,
    hour: i8,
    is_follower: bool,
    days: Vec<(Series, Parts)>,
    media: Option<(i64, Parts)>,
}

impl<'a> Sheet<'a> {
    fn begin(tx: &mut Tx<'_>, deed: &'a Deed<'a>) -> Result<Self> {
        let (day, hour) = PacificDay::and_hour(tx.now());
        let is_follower = people::store::follows_account(tx, deed.user_no, deed.account)?;
        let media = match deed.media {
            Some(media) => Some((media.id, store::of_media(tx, deed.account, media.id)?)),
            None => None,
        };
        Ok(Self { deed, day, hour, is_follower, days: Vec::new(), media })
    }

    fn close(self, tx: &mut Tx<'_>) -> Result<()> {
        for (series, parts) in &self.days {
            store::set_day(tx, self.deed.account, *series, self.day, parts)?;
        }
        if let Some((media, parts)) = &self.media {
            store::set_media(tx, self.deed.account, *media, parts)?;
        }
        Ok(())
    }

    /// What was counted of that today.
    fn today(&mut self, tx: &mut Tx<'_>, series: Series) -> Result<&mut Parts> {
        let at = match self.days.iter().position(|(known, _)| *known == series) {
            Some(at) => at,
            None => {
                let parts = store::of_day(tx, self.deed.account, series, self.day)?;
                self.days.push((series, parts));
                self.days.len() - 1
            }
        };
        Ok(&mut self.days[at].1)
    }

    fn add(&mut self, tx: &mut Tx<'_>, series: Series, part: &str, by: i64) -> Result<()> {
        self.today(tx, series)?.add(part, by);
        Ok(())
    }

    /// Adds to a number of the medium, if there is one.
    fn add_to_media(&mut self, name: &str, by: i64) {
        if let Some((_, parts)) = &mut self.media {
            parts.add(name, by);
        }
    }

    fn product(&self) -> &'static str {
        self.deed.media.map_or("POST", rules::product)
    }

    const fn follow_type(&self) -> &'static str {
        if self.is_follower { "FOLLOWER" } else { "NON_FOLLOWER" }
    }

    fn member<'b>(&self, media: i64, audience: &'b str) -> Member<'b> {
        Member { account: self.deed.account, media, audience, user_no: self.deed.user_no }
    }

    /// Sets or takes back what a person can do once; whether that changed anything.
    fn set_mark(&self, tx: &mut Tx<'_>, mark: &str, stands: bool) -> Result<bool> {
        let Some((media, _)) = &self.media else { return Ok(false) };
        let member = self.member(*media, mark);
        if store::last_day(tx, member)?.is_some() == stands {
            return Ok(false);
        }
        match stands {
            true => store::joins(tx, member, self.day)?,
            false => store::leaves(tx, member)?,
        }
        Ok(true)
    }

    fn enter(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        if self.is_follower {
            self.online(tx)?;
        }
        let by = |stands: bool| if stands { 1 } else { -1 };
        match self.deed.act {
            Act::View { watched, skipped } => self.view(tx, watched, skipped)?,
            Act::Like(stands) => self.interaction(tx, (Series::Likes, "likes"), by(stands))?,
            Act::Save(stands) => self.interaction(tx, (Series::Saves, "saved"), by(stands))?,
            Act::Repost(stands) => self.interaction(tx, (Series::Reposts, "reposts"), by(stands))?,
            Act::Comment(more) => self.interaction(tx, (Series::Comments, "comments"), more)?,
            Act::Share => self.interaction(tx, (Series::Shares, "shares"), 1)?,
            Act::Reply => self.interaction(tx, (Series::Replies, "replies"), 1)?,
            Act::Navigate(way) => self.add_to_media(&format!("navigation|{}", way.name()), 1),
            Act::LinkClick => self.add_to_media("link_clicks", 1),
            Act::ProfileVisit => {
                self.add(tx, Series::ProfileViews, "", 1)?;
                self.add_to_media("profile_visits", 1);
            }
            Act::WebsiteClick => {
                self.add(tx, Series::WebsiteClicks, "", 1)?;
                self.add_to_media(&format!("profile_activity|{BIO_LINK}"), 1);
            }
            Act::Contact(button) => {
                self.add(tx, Series::Contacts, button.name(), 1)?;
                self.add_to_media(&format!("profile_activity|{}", button.action()), 1);
            }
            Act::Follow(begins) => {
                self.add(tx, Series::Follows, if begins { "FOLLOWER" } else { "NON_FOLLOWER" }, 1)?;
                self.add_to_media("follows", i64::from(begins));
                let traits = traits::of(tx, self.deed.user_no)?;
                traits::follower(tx, self.deed.account, &traits, by(begins))?;
            }
        }
        Ok(())
    }

    fn view(&mut self, tx: &mut Tx<'_>, watched: i64, skipped: bool) -> Result<()> {
        let (product, follow) = (self.product(), self.follow_type());
        let both = format!("{product},{follow}");
        self.add(tx, Series::Views, &both, 1)?;
        self.add_to_media("views", 1);
        if watched > 0 {
            self.add_to_media("watch_ms", watched);
        }
        self.add_to_media("skips", i64::from(skipped));
        self.once(tx, Series::Reach, "", "reach")?;
        self.once(tx, Series::ReachByProduct, product, &format!("reach {product}"))?;
        self.once(tx, Series::ReachByFollow, follow, &format!("reach {follow}"))?;
        self.once(tx, Series::ReachByBoth, &both, &format!("reach {both}"))?;
        if let Some((media, _)) = &self.media {
            let member = self.member(*media, "reach");
            if store::last_day(tx, member)?.is_none() {
                store::joins(tx, member, self.day)?;
                self.add_to_media("reach", 1);
            }
        }
        Ok(())
    }

    fn interaction(&mut self, tx: &mut Tx<'_>, (series, of_media): (Series, &str), by: i64) -> Result<()> {
        let product = self.product();
        self.add(tx, series, product, by)?;
        self.add_to_media(of_media, by);
        // An account that answers is not engaged by its own content.
        let is_own = accounts::store::id_of_user(tx, self.deed.user_no)? == Some(self.deed.account);
        if by > 0 && !is_own {
            self.once(tx, Series::Engaged, "", "engaged")?;
        }
        Ok(())
    }

    /// The person counts once among the audience today. Those who are reached or engaged count by who they are, too.
    fn once(&mut self, tx: &mut Tx<'_>, series: Series, part: &str, audience: &str) -> Result<()> {
        let Some(gap) = self.seen(tx, audience)? else { return Ok(()) };
        self.today(tx, series)?.add_people(part, gap, 1);
        let of_people: fn(Breakdown) -> Series = match series {
            Series::Reach => Series::ReachedPeople,
            Series::Engaged => Series::EngagedPeople,
            _ => return Ok(()),
        };
        let traits: Traits = traits::of(tx, self.deed.user_no)?;
        for by in DEMOGRAPHICS {
            if let Some(value) = traits.value(*by) {
                self.today(tx, of_people(*by))?.add_people(value, gap, 1);
            }
        }
        Ok(())
    }

    /// How many days ago the person was last seen among the audience; `None` if they were seen today, or later: the clock
    /// was set back, and they count on that day already.
    fn seen(&self, tx: &mut Tx<'_>, audience: &str) -> Result<Option<i64>> {
        let member = self.member(0, audience);
        let gap = match store::last_day(tx, member)? {
            Some(last) if last >= self.day => return Ok(None),
            Some(last) => self.day.0 - last.0,
            None => LONG_AGO,
        };
        store::joins(tx, member, self.day)?;
        Ok(Some(gap))
    }

    fn online(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let hour = self.hour.to_string();
        match self.seen(tx, &format!("online {hour}"))? {
            Some(_) => self.add(tx, Series::Online, &hour, 1),
            None => Ok(()),
        }
    }
}
