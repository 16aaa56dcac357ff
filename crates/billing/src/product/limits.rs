//! The limits of what a caller writes of a product (catalog.md §2.1–§3.3).

use money::{Currency, Quantity};

use super::{OrderToCashCycle, ProductFields, ProductType, QuantityRange};
use crate::{custom_field, problem::Problems};

/// Largest default quantity.
const QUANTITY_MAX: Quantity = Quantity::from_millionths(2_147_483_647 * money::MILLIONTHS);

impl ProductFields {
    /// Records every field that is beyond its limits, under its name on the wire.
    pub fn check(&self, problems: &mut Problems) {
        for (name, text) in [("Code", &self.code), ("Name", &self.name)] {
            if text.trim().is_empty() {
                problems.required(name);
            }
        }
        let texts = [
            ("Code", Some(&self.code), 1_000),
            ("Name", Some(&self.name), 100),
            ("Description", self.description.as_ref(), 1_000),
            ("AvalaraItemCode", self.avalara_item_code.as_ref(), 50),
            ("AvalaraTaxCode", self.avalara_tax_code.as_ref(), 25),
            ("GlCode", self.gl_code.as_ref(), 255),
            ("GlCodeName", self.gl_code_name.as_ref(), 255),
            ("SalesforceId", self.salesforce_id.as_ref(), 255),
            ("NetsuiteItemId", self.netsuite_item_id.as_ref(), 255),
            ("QuickBooksRecordType", self.quickbooks_record_type.as_ref(), 255),
        ];
        for (name, value, length_max) in texts {
            if let Some(text) = value {
                problems.check_length(name, text, length_max);
            }
        }
        if self.quantity.is_some_and(|quantity| quantity.is_negative() || quantity > QUANTITY_MAX) {
            problems.push("Quantity", "The field Quantity must be between 0 and 2147483647.");
        }
        custom_field::check_values(&self.custom_fields, "ProductCustomFields", problems);
        if let Some(cycle) = &self.cycle {
            problems.at("OrderToCashCycle", |problems| cycle.check(self.product_type, problems));
        }
    }
}

impl OrderToCashCycle {
    /// Records what is wrong with the earning and the prices of a product of this type.
    pub(crate) fn check(&self, product_type: ProductType, problems: &mut Problems) {
        self.earning.check(Some(product_type), problems);
        self.check_prices(problems);
    }

    /// Records what is wrong with the prices alone.
    pub fn check_prices(&self, problems: &mut Problems) {
        problems.at("PricingModel", |problems| check_ranges(self, problems));
    }
}

/// Every range has one price in each of the same currencies, and in each of them the ranges price every quantity.
fn check_ranges(cycle: &OrderToCashCycle, problems: &mut Problems) {
    let Some(currencies) = cycle.ranges.first().map(currencies) else {
        return problems.required("QuantityRanges");
    };
    for (index, range) in cycle.ranges.iter().enumerate() {
        let mine = self::currencies(range);
        problems.item("QuantityRanges", index, |problems| {
            if mine.is_empty() {
                problems.required("Prices");
            } else if mine.windows(2).any(|pair| pair[0] == pair[1]) {
                problems.push("Prices", "A range has one price for each currency.");
            } else if mine != currencies {
                problems.push("Prices", "Every range must be priced in the same currencies.");
            }
        });
    }
    let unpriced = currencies.iter().find_map(|code| cycle.pricing(Currency::parse(code)?)?.err());
    if let Some(error) = unpriced {
        problems.push("QuantityRanges", error.to_string());
    }
}

/// Codes of a range's currencies, sorted.
fn currencies(range: &QuantityRange) -> Vec<&'static str> {
    let mut codes: Vec<_> = range.prices.iter().map(|(currency, _)| currency.code()).collect();
    codes.sort_unstable();
    codes
}

#[cfg(test)]
mod tests {
    use money::Price;

    use super::*;
    use crate::{
        custom_field::CustomField,
        earning::{EarningInterval, EarningSettings, EarningTimingInterval, EarningTimingType},
        id::ProductId,
        pricing::PricingModel,
        product::{Product, ProductStatus},
    };

    fn range(min: &str, max: Option<&str>, prices: &[(Currency, &str)]) -> QuantityRange {
        let quantity = |text: &str| Quantity::parse(text).unwrap();
        let prices = prices.iter().map(|(currency, amount)| (*currency, Price::parse(amount).unwrap()));
        QuantityRange { min: quantity(min), max: max.map(quantity), prices: prices.collect() }
    }

    fn cycle(pricing_model: PricingModel, ranges: Vec<QuantityRange>) -> OrderToCashCycle {
        let earning = EarningSettings {
            timing_interval: Some(EarningTimingInterval::EarnImmediately),
            ..EarningSettings::default()
        };
        OrderToCashCycle { pricing_model, ranges, earning }
    }

    fn good() -> ProductFields {
        ProductFields {
            code: "SENS-1".to_owned(),
            name: "Sensor".to_owned(),
            description: None,
            product_type: ProductType::PhysicalGood,
            status: ProductStatus::Active,
            tax_exempt: false,
            cycle: Some(cycle(PricingModel::Standard, vec![range("0", None, &[(Currency::USD, "15")])])),
            available_for_purchase: true,
            is_tracking_items: false,
            quantity: Some(QUANTITY_MAX),
            avalara_item_code: None,
            avalara_tax_code: None,
            gl_code: None,
            gl_code_name: None,
            custom_fields: Vec::new(),
            salesforce_id: None,
            netsuite_item_id: None,
            digital_river_country_of_origin: None,
            digital_river_tax_code: None,
            digital_river_eccn: None,
            pushed_to_digital_river: None,
            quickbooks_item_id: None,
            quickbooks_record_type: None,
        }
    }

    fn problems_of(fields: &ProductFields) -> Vec<String> {
        let mut problems = Problems::new();
        fields.check(&mut problems);
        let found = problems.into_result().err().unwrap_or_default();
        found.into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn every_wrong_field_is_named() {
        assert_eq!(problems_of(&good()), Vec::<String>::new());
        let key = |key: &str| CustomField { key: key.to_owned(), value: Some("x".repeat(1_001)) };
        let bad = ProductFields {
            code: " ".to_owned(),
            name: "x".repeat(101),
            avalara_tax_code: Some("x".repeat(26)),
            quantity: Some(Quantity::parse("-1").unwrap()),
            custom_fields: vec![CustomField { value: None, ..key("a") }, key("a")],
            ..good()
        };
        assert_eq!(
            problems_of(&bad),
            [
                "Code",
                "Name",
                "AvalaraTaxCode",
                "Quantity",
                "ProductCustomFields[1].Key",
                "ProductCustomFields[1].Value"
            ]
        );
    }

    #[test]
    fn ranges_price_every_quantity_in_every_currency() {
        use Currency as C;
        use PricingModel::{Standard, Tiered};
        let rows: Vec<(PricingModel, Vec<QuantityRange>, &[&str])> = vec![
            (
                Tiered,
                vec![
                    range("0", Some("2"), &[(C::USD, "5"), (C::EUR, "4")]),
                    range("2", None, &[(C::EUR, "3"), (C::USD, "4")]),
                ],
                &[],
            ),
            (Standard, vec![], &["OrderToCashCycle.PricingModel.QuantityRanges"]),
            (Standard, vec![range("1", None, &[(C::USD, "5")])], &["OrderToCashCycle.PricingModel.QuantityRanges"]),
            (Standard, vec![range("0", None, &[(C::USD, "-5")])], &["OrderToCashCycle.PricingModel.QuantityRanges"]),
            (Standard, vec![range("0", None, &[])], &["OrderToCashCycle.PricingModel.QuantityRanges[0].Prices"]),
            (
                Standard,
                vec![range("0", None, &[(C::USD, "5"), (C::USD, "6")])],
                &["OrderToCashCycle.PricingModel.QuantityRanges[0].Prices"],
            ),
            (
                Tiered,
                vec![range("0", Some("2"), &[(C::USD, "5")]), range("2", None, &[(C::EUR, "5")])],
                &["OrderToCashCycle.PricingModel.QuantityRanges[1].Prices"],
            ),
        ];
        for (model, ranges, expected) in rows {
            let fields = ProductFields { cycle: Some(cycle(model, ranges)), ..good() };
            assert_eq!(problems_of(&fields), expected, "{fields:?}");
        }
    }

    #[test]
    fn goods_are_earned_at_once() {
        let monthly = EarningSettings {
            interval: Some(EarningInterval::Yearly),
            number_of_intervals: Some(1),
            timing_interval: Some(EarningTimingInterval::Monthly),
            timing_type: Some(EarningTimingType::StartOfInterval),
        };
        let over_time = good().cycle.map(|cycle| OrderToCashCycle { earning: monthly, ..cycle });
        let good_with = ProductFields { cycle: over_time, ..good() };
        assert_eq!(problems_of(&good_with), ["OrderToCashCycle.EarningTimingInterval"]);
        let charge = ProductFields { product_type: ProductType::OneTimeCharge, ..good_with };
        assert_eq!(problems_of(&charge), Vec::<String>::new());
    }

    #[test]
    fn a_product_in_use_keeps_its_code() {
        let renamed = ProductFields { code: "SENS-2".to_owned(), ..good() };
        for (deletable, fields, expected) in [(true, &renamed, 0), (false, &renamed, 1), (false, &good(), 0)] {
            let product = Product { id: ProductId(1), fields: good(), deletable, custom_fields: Vec::new() };
            let mut problems = Problems::new();
            product.check_update(fields, &mut problems);
            assert_eq!(problems.len(), expected);
        }
    }
}
