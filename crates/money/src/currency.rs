//! The currencies of the API, their numbers in filters, and their smallest units.

use std::fmt;

use crate::{Amount, MILLIONTHS};

/// One of the 24 currencies of the API; nothing ever converts between them.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency {
    number: u8,
    code: &'static str,
    minor_digits: u8,
}

/// Defines a constant for each row (`currencyId`, ISO 4217 code, ISO 4217 minor digits, name) and their list.
macro_rules! currencies {
    ($($number:literal $code:ident $minor_digits:literal $name:literal,)*) => {
        impl Currency {
            $(
                #[doc = concat!($name, ".")]
                pub const $code: Self =
                    Self { number: $number, code: stringify!($code), minor_digits: $minor_digits };
            )*

            /// Every currency, in the order of its number.
            pub const ALL: [Self; 24] = [$(Self::$code),*];
        }
    };
}

currencies! {
     1 AUD 2 "Australian dollar",
     2 BRL 2 "Brazilian real",
     3 GBP 2 "Pound sterling",
     4 CAD 2 "Canadian dollar",
     5 COP 2 "Colombian peso",
     6 DKK 2 "Danish krone",
     7 EUR 2 "Euro",
     8 HKD 2 "Hong Kong dollar",
     9 INR 2 "Indian rupee",
    10 ILS 2 "Israeli new shekel",
    11 JPY 0 "Japanese yen",
    12 MYR 2 "Malaysian ringgit",
    13 MXN 2 "Mexican peso",
    14 NZD 2 "New Zealand dollar",
    15 NOK 2 "Norwegian krone",
    16 CNY 2 "Chinese yuan",
    17 RUB 2 "Russian rouble",
    18 SGD 2 "Singapore dollar",
    19 ZAR 2 "South African rand",
    20 KRW 0 "South Korean won",
    21 SEK 2 "Swedish krona",
    22 CHF 2 "Swiss franc",
    23 TRY 2 "Turkish lira",
    24 USD 2 "United States dollar",
}

impl Currency {
    /// The currency of a three-letter code, in any case.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|currency| currency.code.eq_ignore_ascii_case(code))
    }

    /// The three-letter code in capitals (ISO 4217).
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// The `currencyId`, from 1 to 24.
    pub fn number(self) -> i64 {
        i64::from(self.number)
    }

    /// How many decimals posted amounts have (ISO 4217): 2, or 0 for yen and won.
    pub fn minor_digits(self) -> u32 {
        u32::from(self.minor_digits)
    }

    /// The smallest amount that can be posted, such as one cent.
    pub fn minor_unit(self) -> Amount {
        Amount::from_millionths(MILLIONTHS / 10_i64.pow(self.minor_digits()))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Currency({})", self.code)
    }
}
