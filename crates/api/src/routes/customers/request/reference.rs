//! Texts and codes of the caller's own about a customer (customers.md §1.1).

use billing::{
    customer::{TrackingCode, TrackingPlace},
    named::Named,
    problem::Problems,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    name::Name,
    routes::parse::{required, required_text, text},
};

/// Longest code and longest name of a code, in characters.
const TEXT_LENGTH_MAX: usize = 255;

/// Texts of the caller's own.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CustomerReferenceRequest {
    /// Free text.
    #[schemars(length(max = 255))]
    reference1: Option<String>,
    /// Free text.
    #[schemars(length(max = 255))]
    reference2: Option<String>,
    /// Free text.
    #[schemars(length(max = 255))]
    reference3: Option<String>,
    /// Who sold, through whom; at most one of each type.
    sales_tracking_codes: Option<Vec<TrackingCodeRequest>>,
}

/// A sales tracking code; members that only an answer has are ignored.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct TrackingCodeRequest {
    /// Which of the five. Required.
    #[serde(rename = "type")]
    place: Option<Name<TrackingPlace>>,
    /// The code. Required.
    #[schemars(length(max = 255))]
    code: Option<String>,
    /// What it stands for.
    #[schemars(length(max = 255))]
    name: Option<String>,
}

impl CustomerReferenceRequest {
    /// The texts, and each code in its place.
    pub(super) fn parse(self, problems: &mut Problems) -> ([Option<String>; 3], [Option<TrackingCode>; 5]) {
        let codes = parse_codes(problems, self.sales_tracking_codes.unwrap_or_default());
        ([self.reference1, self.reference2, self.reference3], codes)
    }
}

/// Each code in its place.
fn parse_codes(problems: &mut Problems, codes: Vec<TrackingCodeRequest>) -> [Option<TrackingCode>; 5] {
    let mut places = <[Option<TrackingCode>; 5]>::default();
    for (index, asked) in codes.into_iter().enumerate() {
        problems.item("SalesTrackingCodes", index, |problems| {
            let place = required(problems, "Type", asked.place).map(|Name(place)| place);
            let code = required_text(problems, "Code", asked.code, TEXT_LENGTH_MAX);
            let name = text(problems, "Name", asked.name.filter(|name| !name.is_empty()), TEXT_LENGTH_MAX);
            let (Some(place), Some(code)) = (place, code) else { return };
            let held = places.iter_mut().zip(TrackingPlace::ALL).find(|(_, of)| **of == place).map(|(held, _)| held);
            if held.and_then(|held| held.replace(TrackingCode { code, name })).is_some() {
                problems.push("Type", format!("{place} is listed more than once."));
            }
        });
    }
    places
}
