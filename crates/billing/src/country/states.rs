//! The states of the countries that address and tax by them. Ids never change: they are stored with addresses.

use super::State;

/// The states of the country with this code of two letters.
pub(super) fn of(iso: &str) -> &'static [State] {
    match iso {
        "CA" => CANADA,
        "US" => UNITED_STATES,
        "AU" => AUSTRALIA,
        _ => &[],
    }
}

const fn state(id: i64, name: &'static str, code: &'static str) -> State {
    State { id, name, code }
}

const CANADA: &[State] = &[
    state(1, "Alberta", "AB"),
    state(2, "British Columbia", "BC"),
    state(3, "Manitoba", "MB"),
    state(4, "New Brunswick", "NB"),
    state(5, "Newfoundland and Labrador", "NL"),
    state(6, "Northwest Territories", "NT"),
    state(7, "Nova Scotia", "NS"),
    state(8, "Nunavut", "NU"),
    state(9, "Ontario", "ON"),
    state(10, "Prince Edward Island", "PE"),
    state(11, "Quebec", "QC"),
    state(12, "Saskatchewan", "SK"),
    state(13, "Yukon", "YT"),
];

const UNITED_STATES: &[State] = &[
    state(14, "Alabama", "AL"),
    state(15, "Alaska", "AK"),
    state(16, "Arizona", "AZ"),
    state(17, "Arkansas", "AR"),
    state(18, "California", "CA"),
    state(19, "Colorado", "CO"),
    state(20, "Connecticut", "CT"),
    state(21, "Delaware", "DE"),
    state(22, "District of Columbia", "DC"),
    state(23, "Florida", "FL"),
    state(24, "Georgia", "GA"),
    state(25, "Hawaii", "HI"),
    state(26, "Idaho", "ID"),
    state(27, "Illinois", "IL"),
    state(28, "Indiana", "IN"),
    state(29, "Iowa", "IA"),
    state(30, "Kansas", "KS"),
    state(31, "Kentucky", "KY"),
    state(32, "Louisiana", "LA"),
    state(33, "Maine", "ME"),
    state(34, "Maryland", "MD"),
    state(35, "Massachusetts", "MA"),
    state(36, "Michigan", "MI"),
    state(37, "Minnesota", "MN"),
    state(38, "Mississippi", "MS"),
    state(39, "Missouri", "MO"),
    state(40, "Montana", "MT"),
    state(41, "Nebraska", "NE"),
    state(42, "Nevada", "NV"),
    state(43, "New Hampshire", "NH"),
    state(44, "New Jersey", "NJ"),
    state(45, "New Mexico", "NM"),
    state(46, "New York", "NY"),
    state(47, "North Carolina", "NC"),
    state(48, "North Dakota", "ND"),
    state(49, "Ohio", "OH"),
    state(50, "Oklahoma", "OK"),
    state(51, "Oregon", "OR"),
    state(52, "Pennsylvania", "PA"),
    state(53, "Rhode Island", "RI"),
    state(54, "South Carolina", "SC"),
    state(55, "South Dakota", "SD"),
    state(56, "Tennessee", "TN"),
    state(57, "Texas", "TX"),
    state(58, "Utah", "UT"),
    state(59, "Vermont", "VT"),
    state(60, "Virginia", "VA"),
    state(61, "Washington", "WA"),
    state(62, "West Virginia", "WV"),
    state(63, "Wisconsin", "WI"),
    state(64, "Wyoming", "WY"),
];

const AUSTRALIA: &[State] = &[
    state(65, "Australian Capital Territory", "ACT"),
    state(66, "New South Wales", "NSW"),
    state(67, "Northern Territory", "NT"),
    state(68, "Queensland", "QLD"),
    state(69, "South Australia", "SA"),
    state(70, "Tasmania", "TAS"),
    state(71, "Victoria", "VIC"),
    state(72, "Western Australia", "WA"),
];
