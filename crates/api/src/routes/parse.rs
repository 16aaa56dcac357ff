//! Small parsers that several bodies share: each reports under the member's name and gives nothing when it did.

use billing::{
    discount::{Discount, DiscountType},
    problem::Problems,
    purchase::Change,
};
use money::{Amount, Currency};

use crate::{
    name::Name,
    wire::{scalar::Decimal, shape::Maybe},
};

/// A member that must be there.
pub(crate) fn required<T>(problems: &mut Problems, field: &str, value: Option<T>) -> Option<T> {
    if value.is_none() {
        problems.required(field);
    }
    value
}

/// A text that must be there and hold something, of at most so many characters.
pub(crate) fn required_text(problems: &mut Problems, field: &str, text: Option<String>, max: usize) -> Option<String> {
    let text = required(problems, field, text.filter(|text| !text.trim().is_empty()))?;
    problems.check_length(field, &text, max);
    Some(text)
}

/// A text of at most so many characters, if it is there.
pub(crate) fn text(problems: &mut Problems, field: &str, text: Option<String>, max: usize) -> Option<String> {
    if let Some(text) = &text {
        problems.check_length(field, text, max);
    }
    text
}

/// A text of at most so many characters that may be cleared; an empty one clears it, too.
pub(crate) fn text_change(
    problems: &mut Problems,
    field: &str,
    Maybe(member): Maybe<String>,
    max: usize,
) -> Change<String> {
    match member {
        Change::Set(text) if text.is_empty() => Change::Clear,
        Change::Set(text) => {
            problems.check_length(field, &text, max);
            Change::Set(text)
        }
        Change::Keep | Change::Clear => member,
    }
}

/// A member that counts only when its companion is true, and then also as null (conventions.md §5).
pub(crate) fn flagged<T>(is_set: Option<bool>, value: Option<T>) -> Change<T> {
    match (is_set, value) {
        (Some(true), Some(value)) => Change::Set(value),
        (Some(true), None) => Change::Clear,
        (Some(false) | None, _) => Change::Keep,
    }
}

/// A number that is not below zero, if it is there.
pub(crate) fn not_negative(problems: &mut Problems, field: &str, number: Option<Decimal>) -> Option<Decimal> {
    let number = number?;
    if number.millionths() < 0 {
        problems.push(field, format!("{field} must be a positive number and cannot exceed six decimal places"));
    }
    Some(number)
}

/// An amount of money that moves: positive, at most two decimals (receivables.md §1).
pub(crate) fn money(problems: &mut Problems, field: &str, number: Option<Decimal>) -> Option<Amount> {
    const HUNDREDTH: i64 = money::MILLIONTHS / 100;
    let amount = required(problems, field, number)?.amount();
    if !amount.is_positive() || amount.millionths() % HUNDREDTH != 0 {
        problems.push(field, format!("{field} must be a positive number and cannot exceed two decimal places"));
        return None;
    }
    Some(amount)
}

/// A currency by its ISO code, if there is one; an empty text is none.
pub(crate) fn currency(problems: &mut Problems, field: &str, code: Option<String>) -> Option<Currency> {
    let code = code.filter(|code| !code.is_empty())?;
    let currency = Currency::parse(&code);
    if currency.is_none() {
        let codes = Currency::ALL.map(Currency::code).join(", ");
        problems.push(field, format!("{field} must be one of {codes}."));
    }
    currency
}

/// A discount by its members `discountType` and `amount`, both of which must be there.
pub(crate) fn discount(
    problems: &mut Problems,
    discount_type: Option<Name<DiscountType>>,
    amount: Option<Decimal>,
) -> Option<Discount> {
    let discount_type = required(problems, "DiscountType", discount_type);
    let amount = required(problems, "Amount", amount);
    let discount = Discount::new(discount_type?.0, amount?.price());
    discount.map_err(|error| problems.push("Amount", error.to_string())).ok()
}
