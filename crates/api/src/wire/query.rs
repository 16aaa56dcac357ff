//! Query strings: names in any case, the last of a repeated name wins.

use billing::problem::Problem;
use calendar::Instant;

/// The parameters of a request, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    parameters: Vec<(String, String)>,
}

impl Query {
    /// Decodes what follows the `?`; nothing is an error. A NUL character, which no column could hold, becomes U+FFFD.
    pub fn parse(query: &str) -> Self {
        let parameters = query.split('&').filter(|part| !part.is_empty()).map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(name), decode(value))
        });
        Self { parameters: parameters.collect() }
    }

    /// The names of the parameters that are none of these, as they were given.
    pub fn others(&self, names: &[&str]) -> impl Iterator<Item = &str> {
        let is_known = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        let given = self.parameters.iter().map(|(name, _)| name.as_str());
        given.filter(move |name| !is_known(name))
    }

    /// The first parameter that is none of these, in the words of a problem: for calls that no client of the original makes.
    pub fn refuse_others(&self, names: &[&str]) -> Result<(), Problem> {
        match self.others(names).next() {
            Some(name) => {
                Err(Problem::new(name, format!("The parameter '{name}' is not one of {}.", names.join(", "))))
            }
            None => Ok(()),
        }
    }

    /// The value of a parameter, possibly empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        let mut from_last = self.parameters.iter().rev();
        from_last.find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// `true` or `false` in any case; empty is absent.
    pub fn boolean(&self, name: &str) -> Result<Option<bool>, Problem> {
        self.read(name, boolean)
    }

    /// A whole number; empty is absent.
    pub fn integer(&self, name: &str) -> Result<Option<i64>, Problem> {
        self.read(name, |value| value.parse().ok())
    }

    /// A date or a date and time; empty is absent.
    pub fn instant(&self, name: &str) -> Result<Option<Instant>, Problem> {
        self.read(name, |value| Instant::parse(value).ok())
    }

    /// One of `names` in any case, as spelled there; empty is absent.
    pub fn one_of(&self, name: &str, names: &[&'static str]) -> Result<Option<&'static str>, Problem> {
        self.read(name, |value| one_of(value, names))
            .map_err(|problem| Problem { message: format!("{name} must be one of {}.", names.join(", ")), ..problem })
    }

    fn read<T>(&self, name: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, Problem> {
        match self.text(name).map(str::trim) {
            None | Some("") => Ok(None),
            Some(value) => match parse(value) {
                Some(value) => Ok(Some(value)),
                None => Err(Problem::new(name, format!("The value '{value}' is not valid for {name}."))),
            },
        }
    }
}

pub(super) fn boolean(value: &str) -> Option<bool> {
    let is = |name: &str| value.eq_ignore_ascii_case(name);
    if is("true") { Some(true) } else { is("false").then_some(false) }
}

pub(super) fn one_of(value: &str, names: &[&'static str]) -> Option<&'static str> {
    names.iter().copied().find(|name| name.eq_ignore_ascii_case(value))
}

/// Undoes percent-encoding and `+`. An incomplete escape stays as it is.
fn decode(text: &str) -> String {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'+', _) => decoded.push(b' '),
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                decoded.push(hex(*high) << 4 | hex(*low));
                rest = after;
            }
            _ => decoded.push(byte),
        }
    }
    String::from_utf8_lossy(&decoded).replace('\0', "\u{fffd}")
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_in_any_case_and_the_last_wins() {
        let query = Query::parse("Preview=True&showzerodollarcharges=true&preview=false&&flag&=x");
        assert_eq!(query.boolean("preview"), Ok(Some(false)));
        assert_eq!(query.boolean("showZeroDollarCharges"), Ok(Some(true)));
        assert_eq!(query.boolean("flag"), Ok(None));
        assert_eq!(query.boolean("absent"), Ok(None));
        assert_eq!(query.text("flag"), Some(""));
    }

    #[test]
    fn escapes_are_undone_once() {
        for (raw, text) in [
            ("a%3Ab%7cc", "a:b|c"),
            ("a+b%2Bc", "a b+c"),
            ("%C3%A4", "ä"),
            ("100%", "100%"),
            ("%2", "%2"),
            ("%zz%", "%zz%"),
            ("%+1", "% 1"),
            ("%2541", "%41"),
            ("%ff", "\u{fffd}"),
            ("a%00b", "a\u{fffd}b"),
            ("a=b", "a=b"),
        ] {
            assert_eq!(Query::parse(&format!("q={raw}")).text("Q"), Some(text), "{raw}");
        }
    }

    #[test]
    fn parameters_that_nobody_knows_are_named() {
        let query = Query::parse("ASOF=2024-01-31&groupBy=product");
        assert_eq!(query.refuse_others(&["asOf", "groupBy"]), Ok(()));
        let problem = query.refuse_others(&["asOf", "by"]).unwrap_err();
        assert_eq!(problem.message, "The parameter 'groupBy' is not one of asOf, by.");
    }

    #[test]
    fn wrong_values_are_named() {
        let query = Query::parse("preview=maybe&page=1.5&view=sideEffects&order=up&from=soon");
        assert_eq!(
            query.boolean("preview"),
            Err(Problem::new("preview", "The value 'maybe' is not valid for preview."))
        );
        assert!(query.integer("page").is_err());
        assert!(query.instant("from").is_err());
        assert_eq!(query.one_of("view", &["Full", "SideEffects"]), Ok(Some("SideEffects")));
        assert_eq!(query.one_of("order", &["A", "B"]).unwrap_err().message, "order must be one of A, B.");
    }
}
