//! Countries and their states: facts of ISO 3166 under the ids that addresses name them by (conventions.md §14).

mod states;
mod table;

/// A country of ISO 3166-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country {
    /// Its numeric code, by which addresses name it.
    pub id: i64,
    /// Its English short name.
    pub name: &'static str,
    /// Its code of two letters.
    pub iso: &'static str,
    /// Its code of three letters.
    pub iso3: &'static str,
}

/// A state, province or territory of ISO 3166-2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// The id by which addresses name it; unique among all countries. Ontario is 9, as in the original.
    pub id: i64,
    /// Its English name.
    pub name: &'static str,
    /// Its code within the country, such as `ON`.
    pub code: &'static str,
}

impl Country {
    /// Every country, by name.
    pub const ALL: &'static [Self] = table::COUNTRIES;

    /// The country with this numeric code.
    pub fn find(id: i64) -> Option<&'static Self> {
        Self::ALL.iter().find(|country| country.id == id)
    }

    /// Its states, by name; none for countries whose states nobody taxes or addresses by.
    pub fn states(&self) -> &'static [State] {
        states::of(self.iso)
    }

    /// Its state with this id.
    pub fn state(&self, id: i64) -> Option<&'static State> {
        self.states().iter().find(|state| state.id == id)
    }

    /// Its state with this code, alone (`ON`) or after the country's (`CA-ON`), in any case.
    pub fn state_of_code(&self, code: &str) -> Option<&'static State> {
        let own = match code.split_once('-') {
            Some((country, own)) if country.eq_ignore_ascii_case(self.iso) => own,
            Some(_) => return None,
            None => code,
        };
        self.states().iter().find(|state| state.code.eq_ignore_ascii_case(own))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_well_formed_and_unique() {
        let is_code = |code: &str, length| code.len() == length && code.bytes().all(|byte| byte.is_ascii_uppercase());
        let (mut ids, mut codes) = (HashSet::new(), HashSet::new());
        for country in Country::ALL {
            assert!(is_code(country.iso, 2) && is_code(country.iso3, 3), "{country:?}");
            assert!((1..1_000).contains(&country.id) && ids.insert(country.id), "{country:?}");
            assert!(codes.insert(country.iso) && codes.insert(country.iso3), "{country:?}");
        }
        assert_eq!(Country::ALL.len(), 249);
    }

    #[test]
    fn states_belong_to_one_country() {
        let mut ids = HashSet::new();
        for country in Country::ALL {
            for state in country.states() {
                assert!(ids.insert(state.id), "{state:?}");
                assert_eq!(country.state(state.id), Some(state));
                assert_eq!(country.state_of_code(state.code), Some(state), "{state:?}");
            }
        }
        assert_eq!(ids.len(), 13 + 51 + 8);
    }

    #[test]
    fn countries_and_states_are_found() {
        let canada = Country::find(124).unwrap();
        assert_eq!((canada.name, canada.iso, canada.iso3), ("Canada", "CA", "CAN"));
        assert_eq!(canada.state(9).unwrap().name, "Ontario");
        assert_eq!(canada.state_of_code("ca-on"), canada.state(9));
        assert_eq!(canada.state_of_code("US-ON"), None);
        let new_york = Country::find(840).unwrap().state_of_code("ny").unwrap();
        assert_eq!(canada.state(new_york.id), None, "New York is not in Canada");
        assert_eq!(Country::find(276).unwrap().states(), []);
        assert_eq!(Country::find(0), None);
    }
}
