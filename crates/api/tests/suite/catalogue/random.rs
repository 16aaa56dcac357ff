//! Catalogues that differ by a seed: any number of things, in any state, referring to each other in any way.

use serde_json::{Value, json};

/// A generator that is the same everywhere (`SplitMix64`).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    fn one<'v, T>(&mut self, values: &'v [T]) -> &'v T {
        &values[self.below(values.len())]
    }

    fn yes(&mut self) -> bool {
        self.below(2) == 0
    }

    /// Up to six decimals, as text so that none is lost.
    fn amount(&mut self) -> String {
        format!("{}.{:06}", self.below(1_000), self.below(1_000_000))
    }

    fn some(&mut self, value: Value) -> Value {
        if self.yes() { value } else { Value::Null }
    }

    fn status(&mut self) -> &'static str {
        if self.below(3) == 0 { "Retired" } else { "Active" }
    }

    fn pricing(&mut self) -> Value {
        let model = *self.one(&["Standard", "Tiered", "Volume", "Stairstep"]);
        let count = if model == "Standard" { 1 } else { 1 + self.below(3) };
        let currencies = *self.one(&[&["USD"][..], &["USD", "EUR"], &["JPY", "USD", "CAD"]]);
        let ranges = (0..count).map(|range| {
            let prices = currencies.iter().map(|code| json!({ "currency": code, "amount": self.amount() }));
            let prices: Vec<_> = prices.collect();
            let max = if range + 1 == count { Value::Null } else { json!((range + 1) * 5) };
            json!({ "min": range * 5, "max": max, "prices": prices })
        });
        let ranges: Vec<_> = ranges.collect();
        json!({ "pricingModelType": model, "quantityRanges": ranges })
    }

    fn cycle(&mut self) -> Value {
        let mut cycle = json!({ "pricingModel": self.pricing() });
        if self.yes() {
            cycle["earningInterval"] = json!(self.one(&["Monthly", "Yearly"]));
            cycle["earningNumberOfIntervals"] = json!(1 + self.below(36));
            cycle["earningTimingInterval"] = json!(self.one(&["Daily", "Monthly", "Yearly", "Interval"]));
            cycle["earningTimingType"] = json!(self.one(&["StartOfInterval", "EndOfInterval"]));
        }
        cycle
    }
}

/// The text of the catalogue of a seed.
pub(super) fn catalogue(seed: u64) -> String {
    let random = &mut Random(seed);
    let labels: Vec<_> = (0..=random.below(3))
        .map(|number| json!({ "code": format!("G{number}"), "name": "Ü \"x\"", "status": random.status() }))
        .collect();
    let products: Vec<_> = (0..=random.below(6)).map(|number| product(random, number, labels.len())).collect();
    let discounts: Vec<_> = (0..=random.below(3)).map(|number| discount(random, number)).collect();
    let plans: Vec<_> = (0..=random.below(4)).map(|number| plan(random, number)).collect();
    let mut parts = Vec::new();
    for plan in &plans {
        for _ in 0..random.below(3) {
            parts.push(plan_product(random, plan, products.len(), parts.len()));
        }
    }
    let coupons: Vec<_> = (0..random.below(3)).map(|number| coupon(random, number, discounts.len(), &plans)).collect();
    let file = json!({
        "glCodes": labels, "products": products, "discounts": discounts, "plans": plans, "planProducts": parts,
        "coupons": coupons, "planFamilies": families(random, &plans),
        "customFields": [{ "key": "k", "friendlyName": "K", "dataType": "Number" }]
    });
    file.to_string()
}

fn product(random: &mut Random, number: usize, labels: usize) -> Value {
    let kind = *random.one(&["OneTimeCharge", "RecurringService"]);
    let cycle = random.cycle();
    let label = json!(format!("G{}", random.below(labels)));
    let value = json!([{ "key": "k", "value": random.amount() }]);
    json!({
        "id": 100 + number, "code": format!("P{number}"), "name": "Name", "productType": kind, "status": random.status(),
        "description": random.some(json!("line\nline")), "taxExempt": random.yes(), "availableForPurchase": random.yes(),
        "isTrackingItems": random.yes(), "orderToCashCycle": random.some(cycle), "glCode": random.some(label),
        "quantity": random.some(json!(7.5)), "productCustomFields": random.some(value), "quickBooksItemId": random.some(json!(200_001))
    })
}

fn discount(random: &mut Random, number: usize) -> Value {
    let amount = random.below(100);
    let other =
        json!([{ "interval": "Yearly", "numberOfIntervals": 2, "discountType": "Percentage", "amount": amount }]);
    json!({
        "id": 200 + number, "code": format!("D{number}"), "name": "Off", "amount": amount, "status": random.status(),
        "discountType": random.one(&["Amount", "AmountPerUnit", "Percentage"]), "remainingUsage": random.some(json!(3)),
        "frequencyOverrides": random.some(other)
    })
}

fn plan(random: &mut Random, number: usize) -> Value {
    let frequencies = (0..=random.below(3)).map(|position| {
        let charges = json!([{ "currency": "USD", "amount": random.amount() }]);
        json!({
            "id": 1_000 + number * 10 + position, "interval": random.one(&["Monthly", "Yearly"]), "numberOfIntervals": position + 1,
            "status": random.one(&["Active", "Draft", "Retired"]), "charges": random.some(charges), "isProrated": random.yes(),
            "prorationGranularity": random.some(json!("Daily"))
        })
    });
    let frequencies: Vec<_> = frequencies.collect();
    json!({
        "id": 300 + number, "code": format!("L{number}"), "name": "Plan", "status": random.status(),
        "autoApplyChanges": random.yes(), "planFrequencies": frequencies, "reference": random.some(json!("R"))
    })
}

fn plan_product(random: &mut Random, plan: &Value, products: usize, number: usize) -> Value {
    let cycles = plan["planFrequencies"].as_array().unwrap().iter().map(|frequency| {
        let mut cycle = random.cycle();
        cycle["planFrequencyId"] = frequency["id"].clone();
        if random.yes() {
            cycle["chargeModels"] = json!([{ "chargeModelType": "Lifetime", "chargeTimingType": "DoNotCharge" }]);
        }
        cycle
    });
    let cycles: Vec<_> = cycles.collect();
    json!({
        "id": 400 + number, "planId": plan["id"], "productId": 100 + random.below(products), "productCode": format!("X{number}"),
        "productName": "In the plan", "quantity": random.below(5), "isFixed": random.yes(), "isOptional": random.yes(),
        "status": random.status(), "orderToCashCycles": cycles
    })
}

fn coupon(random: &mut Random, number: usize, discounts: usize, plans: &[Value]) -> Value {
    let discount = 200 + random.below(discounts);
    let windows = json!([{ "startDate": "2023-01-01", "endDate": "2023-12-31", "discounts": [{ "id": discount }] },
                         { "startDate": "2024-01-01" }]);
    let plan = json!([{ "id": random.one(plans)["id"], "applyToAllProducts": true }]);
    json!({
        "name": format!("C{number}"), "discounts": [{ "id": discount }], "oneTimeUse": random.yes(),
        "couponCodes": random.some(json!([{ "code": format!("C{number}-1"), "remainingUsages": 2 }, { "code": format!("C{number}-2") }])),
        "eligibilities": random.some(windows), "plans": random.some(plan), "status": random.some(json!("Retired"))
    })
}

fn families(random: &mut Random, plans: &[Value]) -> Value {
    let ids: Vec<_> = plans.iter().map(|plan| json!({ "id": plan["id"] })).collect();
    let (source, destination) = (&plans[0], &plans[plans.len() - 1]);
    let mut family =
        json!({ "code": "F", "name": "Family", "plans": ids, "earningOption": random.one(&["None", "Full"]) });
    if plans.len() > 1 {
        family["relationships"] = json!([{
            "sourcePlanId": source["id"], "sourcePlanFrequencyId": source["planFrequencies"][0]["id"],
            "destinationPlanId": destination["id"], "destinationPlanFrequencyId": destination["planFrequencies"][0]["id"],
            "referenceOption": random.some(json!("Transfer"))
        }]);
    }
    json!([family])
}
