//! Rows to domain values and back: one reader that goes through the columns in order, and the few conversions that the
//! database layer, which knows no billing word, cannot have.

use billing::{discount::Discount, earning::EarningSettings, named::Named, priced::Tier};
use calendar::{Date, Instant};
use db::{Day, Error, FromColumn, Millis, Row, Value};
use ledger::ChainHash;
use money::{Amount, Currency, MILLIONTHS, Price, Quantity};

/// Reads the columns of a row from left to right.
pub(crate) struct Columns<'r, 'd> {
    row: &'r Row<'d>,
    next: usize,
}

impl<'r, 'd> Columns<'r, 'd> {
    /// At the first column.
    pub(crate) fn of(row: &'r Row<'d>) -> Self {
        Self { row, next: 0 }
    }

    /// At the column `index`, counted from 0.
    pub(crate) fn at(row: &'r Row<'d>, index: usize) -> Self {
        Self { row, next: index }
    }

    /// The next column as it is.
    pub(crate) fn next<T: FromColumn>(&mut self) -> Result<T, Error> {
        let value = self.row.get(self.next)?;
        self.next += 1;
        Ok(value)
    }

    /// The next column as the name of one of `T`'s values.
    pub(crate) fn named<T: Named>(&mut self) -> Result<T, Error> {
        let name: String = self.next()?;
        T::from_name(&name).ok_or_else(|| unknown(&name))
    }

    /// The next column as a name, or nothing.
    pub(crate) fn named_opt<T: Named>(&mut self) -> Result<Option<T>, Error> {
        let name: Option<String> = self.next()?;
        name.map(|name| T::from_name(&name).ok_or_else(|| unknown(&name))).transpose()
    }

    /// The next column as an amount.
    pub(crate) fn amount(&mut self) -> Result<Amount, Error> {
        self.next().map(Amount::from_millionths)
    }

    /// The next two columns, as [`sum_of`] asks for them, as one amount; refused when it is beyond what an amount can be.
    pub(crate) fn sum(&mut self) -> Result<Amount, Error> {
        let (units, millionths): (i64, i64) = (self.next()?, self.next()?);
        let sum = i128::from(units) * i128::from(MILLIONTHS) + i128::from(millionths);
        let too_large = |_| Error::Value(format!("a sum of {sum} millionths is beyond what an amount can be"));
        i64::try_from(sum).map(Amount::from_millionths).map_err(too_large)
    }

    /// The next column as a price.
    pub(crate) fn price(&mut self) -> Result<Price, Error> {
        self.next().map(Price::from_millionths)
    }

    /// The next column as a quantity.
    pub(crate) fn quantity(&mut self) -> Result<Quantity, Error> {
        self.next().map(Quantity::from_millionths)
    }

    /// The next column as a quantity, or nothing.
    pub(crate) fn quantity_opt(&mut self) -> Result<Option<Quantity>, Error> {
        Ok(self.next::<Option<i64>>()?.map(Quantity::from_millionths))
    }

    /// The next column as a point in time.
    pub(crate) fn instant(&mut self) -> Result<Instant, Error> {
        self.next::<Millis>().map(|millis| Instant::from_millis(millis.0))
    }

    /// The next column as a point in time, or nothing.
    pub(crate) fn instant_opt(&mut self) -> Result<Option<Instant>, Error> {
        Ok(self.next::<Option<Millis>>()?.map(|millis| Instant::from_millis(millis.0)))
    }

    /// The next column as a date.
    pub(crate) fn date(&mut self) -> Result<Date, Error> {
        self.next::<Day>().map(|day| calendar::date_from_days(day.0))
    }

    /// The next column as a date, or nothing.
    pub(crate) fn date_opt(&mut self) -> Result<Option<Date>, Error> {
        Ok(self.next::<Option<Day>>()?.map(|day| calendar::date_from_days(day.0)))
    }

    /// The next column as a currency.
    pub(crate) fn currency(&mut self) -> Result<Currency, Error> {
        let code: String = self.next()?;
        Currency::parse(&code).ok_or_else(|| unknown(&code))
    }

    /// The next four columns as settings for earning.
    pub(crate) fn earning(&mut self) -> Result<EarningSettings, Error> {
        Ok(EarningSettings {
            interval: self.named_opt()?,
            number_of_intervals: self.next()?,
            timing_interval: self.named_opt()?,
            timing_type: self.named_opt()?,
        })
    }

    /// The next two columns as a discount: what the number means, and the number.
    pub(crate) fn discount(&mut self) -> Result<Discount, Error> {
        Ok(Discount { discount_type: self.named()?, amount: self.price()? })
    }

    /// The next three columns as a tier: quantity, unit price and amount.
    pub(crate) fn tier(&mut self) -> Result<Tier, Error> {
        Ok(Tier { quantity: self.quantity()?, unit_price: self.price()?, amount: self.amount()? })
    }

    /// The next column as a hash of the ledger's chain.
    pub(crate) fn chain_hash(&mut self) -> Result<ChainHash, Error> {
        let hex: String = self.next()?;
        ChainHash::parse_hex(&hex).ok_or_else(|| unknown(&hex))
    }
}

/// Asks for the sum of a column of amounts, or of an expression of them in parentheses, for [`Columns::sum`].
///
/// Whole units and millionths are summed apart: the sum of a few large amounts is beyond 64 bits on its way, also where
/// others take it back, and there `SQLite` ends the statement. Every question that sums money asks this way.
pub(crate) fn sum_of(amount: &str) -> String {
    format!("CAST(SUM({amount} / {MILLIONTHS}) AS BIGINT), CAST(SUM({amount} % {MILLIONTHS}) AS BIGINT)")
}

/// A stored value that this version cannot read.
pub(crate) fn unknown(value: &str) -> Error {
    Error::Value(format!("`{value}` is not a value that this version knows"))
}

/// A point in time, for a parameter.
pub(crate) fn at(instant: Instant) -> Value<'static> {
    Millis(instant.millis()).into()
}

/// A point in time or nothing, for a parameter.
pub(crate) fn at_opt(instant: Option<Instant>) -> Value<'static> {
    instant.map(|instant| Millis(instant.millis())).into()
}

/// A date or nothing, for a parameter.
pub(crate) fn day_opt(date: Option<Date>) -> Value<'static> {
    date.map(|date| Day(calendar::days_of(date))).into()
}

/// A name or nothing, for a parameter.
pub(crate) fn name_opt<T: Named>(value: Option<T>) -> Value<'static> {
    value.map(Named::name).into()
}

/// A quantity or nothing, for a parameter.
pub(crate) fn units_opt(quantity: Option<Quantity>) -> Value<'static> {
    quantity.map(Quantity::millionths).into()
}

/// Text or nothing, for a parameter.
pub(crate) fn text_opt(text: Option<&String>) -> Value<'_> {
    text.map(String::as_str).into()
}
