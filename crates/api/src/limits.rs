//! Request limits of an account: a minute's and a day's, counted by this process.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use axum::http::{HeaderMap, HeaderValue};
use billing::id::AccountId;
use calendar::Instant;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// How many requests an account may make (conventions.md §11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// In one calendar minute.
    pub per_minute: i64,
    /// In one calendar day, UTC.
    pub per_day: i64,
}

/// What an account has used of the current minute and day.
#[derive(Debug, Clone, Copy, Default)]
struct Used {
    minute: i64,
    in_minute: i64,
    day: i64,
    in_day: i64,
}

/// What an account may still do.
#[derive(Debug, Clone)]
pub(crate) struct Allowance {
    limits: Limits,
    used: Used,
    resets: Resets,
}

/// When a minute and its day end, as headers say it: written once for all answers of the minute.
#[derive(Debug, Clone)]
struct Resets {
    minute: i64,
    of_minute: HeaderValue,
    of_day: HeaderValue,
}

/// The counters of all accounts.
#[derive(Debug)]
pub(crate) struct Meter {
    limits: Limits,
    counted: Mutex<Counted>,
}

#[derive(Debug)]
struct Counted {
    used: HashMap<AccountId, Used>,
    resets: Resets,
}

impl Meter {
    /// With nothing used.
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, counted: Mutex::new(Counted { used: HashMap::new(), resets: Resets::of(0) }) }
    }

    /// Counts one request of an account, unless it exceeds a limit: who is refused uses nothing up.
    pub(crate) fn count(&self, account: AccountId, now: Instant) -> Allowance {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let resets = counted.resets_at(now);
        let used = counted.used.entry(account).or_default();
        used.turn(now);
        let mut with_this = *used;
        with_this.in_minute += 1;
        with_this.in_day += 1;
        let allowance = Allowance { limits: self.limits, used: with_this, resets };
        if allowance.exceeded().is_none() {
            *used = with_this;
        }
        allowance
    }

    /// Takes back a request that was counted at this time and turned out not to be the account's.
    pub(crate) fn give_back(&self, account: AccountId, counted_at: Instant) {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(used) = counted.used.get_mut(&account) else { return };
        let (minute, day) = periods(counted_at);
        if used.minute == minute {
            used.in_minute -= 1;
        }
        if used.day == day {
            used.in_day -= 1;
        }
    }

    /// What a caller who is not known yet may do.
    pub(crate) fn untouched(&self, now: Instant) -> Allowance {
        let resets = self.counted.lock().unwrap_or_else(PoisonError::into_inner).resets_at(now);
        Allowance { limits: self.limits, used: Used::default(), resets }
    }
}

impl Used {
    /// Begins anew with each minute and each day.
    fn turn(&mut self, now: Instant) {
        let (minute, day) = periods(now);
        if self.minute != minute {
            (self.minute, self.in_minute) = (minute, 0);
        }
        if self.day != day {
            (self.day, self.in_day) = (day, 0);
        }
    }
}

impl Counted {
    fn resets_at(&mut self, now: Instant) -> Resets {
        let (minute, _) = periods(now);
        if self.resets.minute != minute {
            self.resets = Resets::of(minute);
        }
        self.resets.clone()
    }
}

impl Resets {
    fn of(minute: i64) -> Self {
        let day = minute.div_euclid(DAY_MS / MINUTE_MS);
        Self { minute, of_minute: end_of(minute, MINUTE_MS), of_day: end_of(day, DAY_MS) }
    }
}

/// The minute and the day of an instant, counted from the epoch.
fn periods(now: Instant) -> (i64, i64) {
    (now.millis().div_euclid(MINUTE_MS), now.millis().div_euclid(DAY_MS))
}

fn end_of(period: i64, length_ms: i64) -> HeaderValue {
    let text = Instant::from_millis((period + 1) * length_ms).to_string();
    HeaderValue::try_from(text).unwrap_or_else(|error| unreachable!("an instant is written in ASCII: {error}"))
}

impl Allowance {
    /// The text of the refusal when a limit is exceeded.
    pub(crate) fn exceeded(&self) -> Option<String> {
        let Limits { per_minute, per_day } = self.limits;
        if self.used.in_minute > per_minute {
            Some(format!("API rate limit of {per_minute} requests per minute exceeded."))
        } else if self.used.in_day > per_day {
            Some(format!("API rate limit of {per_day} requests per day exceeded."))
        } else {
            None
        }
    }

    /// The six headers of every response.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let Self { limits, used, resets } = self;
        let mut put = |name: &'static str, value: HeaderValue| headers.insert(name, value);
        put("x-rate-limit-limit-minute", limits.per_minute.into());
        put("x-rate-limit-remaining-minute", (limits.per_minute - used.in_minute).max(0).into());
        put("x-rate-limit-reset-minute", resets.of_minute.clone());
        put("x-rate-limit-limit-day", limits.per_day.into());
        put("x-rate-limit-remaining-day", (limits.per_day - used.in_day).max(0).into());
        put("x-rate-limit-reset-day", resets.of_day.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_holds_for_its_period_and_its_account() {
        let meter = Meter::new(Limits { per_minute: 2, per_day: 3 });
        let (one, two) = (AccountId(1), AccountId(2));
        let at = |ms| Instant::from_millis(ms);
        assert_eq!(meter.count(one, at(0)).exceeded(), None);
        assert_eq!(meter.count(one, at(1)).exceeded(), None);
        let refused = "API rate limit of 2 requests per minute exceeded.";
        assert_eq!(meter.count(one, at(59_999)).exceeded().as_deref(), Some(refused));
        assert_eq!(meter.count(two, at(59_999)).exceeded(), None);
        assert_eq!(meter.count(one, at(60_000)).exceeded(), None, "who is refused uses nothing up");
        let refused = "API rate limit of 3 requests per day exceeded.";
        assert_eq!(meter.count(one, at(60_001)).exceeded().as_deref(), Some(refused));
        assert_eq!(meter.count(one, at(DAY_MS)).exceeded(), None);
    }

    #[test]
    fn what_is_given_back_may_be_used_again_in_its_period() {
        let meter = Meter::new(Limits { per_minute: 1, per_day: 2 });
        let one = AccountId(1);
        let at = |ms| Instant::from_millis(ms);
        for _ in 0..3 {
            assert_eq!(meter.count(one, at(0)).exceeded(), None);
            meter.give_back(one, at(0));
        }
        assert_eq!(meter.count(one, at(0)).exceeded(), None);
        assert_eq!(meter.count(one, at(60_000)).exceeded(), None);
        meter.give_back(one, at(0));
        assert!(meter.count(one, at(60_000)).exceeded().is_some(), "a past minute gives nothing to this one");
        assert_eq!(meter.count(one, at(120_000)).exceeded(), None, "but the day has it back");
        meter.give_back(AccountId(2), at(0));
    }

    #[test]
    fn headers_name_what_is_left_and_when_it_ends() {
        let meter = Meter::new(Limits { per_minute: 10, per_day: 100 });
        let mut headers = HeaderMap::new();
        meter.count(AccountId(1), Instant::from_millis(0)).write(&mut headers);
        assert_eq!(headers["x-rate-limit-remaining-minute"], "9");
        assert_eq!(headers["x-rate-limit-remaining-day"], "99");
        assert_eq!(headers["x-rate-limit-reset-minute"], "1970-01-01T00:01:00");
        assert_eq!(headers["x-rate-limit-reset-day"], "1970-01-02T00:00:00");
        meter.untouched(Instant::from_millis(DAY_MS)).write(&mut headers);
        assert_eq!(headers["x-rate-limit-remaining-minute"], "10");
        assert_eq!(headers["x-rate-limit-reset-minute"], "1970-01-02T00:01:00");
        assert_eq!(headers["x-rate-limit-reset-day"], "1970-01-03T00:00:00");
    }
}
