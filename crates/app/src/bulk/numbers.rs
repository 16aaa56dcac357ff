//! Numbers of cards and bank accounts have no place in records, which are stored as they arrive.

use billing::problem::Problems;

use crate::Error;

/// Members that hold such a number, or the code of a card.
const MEMBERS: [&str; 3] = ["cardNumber", "accountNumber", "cvv"];

/// Refuses records that have such a member, whatever their type would make of it; `first` is the index of the first one.
pub(super) fn refuse(records: &[String], first: usize) -> Result<(), Error> {
    let mut problems = Problems::new();
    for (index, record) in records.iter().enumerate() {
        if let Some(member) = secret_member(record) {
            let text = format!("Records are stored, so {member} cannot be part of one.");
            problems.item("Data", first + index, |problems| problems.push("", text));
        }
    }
    problems.into_result().map_err(Error::Invalid)
}

/// The first such member of an object's text, with or without quotes and at any depth. A look before each colon is enough,
/// and costs little in a job of a million records.
fn secret_member(record: &str) -> Option<&'static str> {
    record.match_indices(':').find_map(|(colon, _)| {
        let before = record[..colon].trim_end().trim_end_matches(['"', '\'']);
        MEMBERS.into_iter().find(|member| ends_with_word(before, member))
    })
}

/// Whether a text ends with a word, in any case.
fn ends_with_word(text: &str, word: &str) -> bool {
    let Some((before, end)) = text.len().checked_sub(word.len()).and_then(|place| text.split_at_checked(place)) else {
        return false;
    };
    end.eq_ignore_ascii_case(word) && !before.ends_with(|last: char| last.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_however_they_are_written() {
        for (record, member) in [
            (r#"{"creditCard":{"cardNumber":"4242424242424242"}}"#, Some("cardNumber")),
            ("{creditCard:{CARDNUMBER : 4242424242424242}}", Some("cardNumber")),
            ("{'achCard':{'accountNumber':'000123456789'}}", Some("accountNumber")),
            (r#"{"é":1,"cvv":"012"}"#, Some("cvv")),
            (r#"{"reference":"cardNumber unknown","scardNumber":1,"cardNumbers":2}"#, None),
            ("700101", None),
            ("", None),
            (":", None),
        ] {
            assert_eq!(secret_member(record), member, "{record}");
        }
    }

    #[test]
    fn each_record_is_told_and_no_number() {
        let records = [r#"{"cvv":"012"}"#, "7", r#"{"cardNumber":"4242"}"#].map(str::to_owned);
        let Err(Error::Invalid(problems)) = refuse(&records, 5) else { panic!("they were taken") };
        let told: Vec<_> = problems.iter().map(|problem| (problem.field.as_str(), problem.message.as_str())).collect();
        let expected = [
            ("Data[5]", "Records are stored, so cvv cannot be part of one."),
            ("Data[7]", "Records are stored, so cardNumber cannot be part of one."),
        ];
        assert_eq!(told, expected);
    }
}
