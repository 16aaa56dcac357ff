//! A catalogue as JSON. Ids are counted anew from 1, so that equal catalogues make equal files whatever the ids of their
//! accounts; what an import would not read is left out.

use std::{borrow::Cow, collections::HashMap};

use app::catalogue::Catalogue;
use billing::account::Session;
use serde::Serialize;

use crate::{
    links::Links,
    routes::{
        coupons, custom_fields, discounts, gl_codes,
        plan_families::PlanFamily,
        plan_products::PlanProduct,
        plans::Plan,
        products::{Product, View},
    },
    wire::json::{self, Node},
};

/// Members that an import does not read, because they follow from the account or from the rest.
const LEFT_OUT: &[&str] = &[
    "uri",
    "deletable",
    "planRevisionId",
    "numberOfSubscriptions",
    "planFrequencyUniqueId",
    "modificationTimestamp",
    "eligibilityStartDate",
    "eligibilityEndDate",
];

/// Members that hold an id of ours.
const IDS: &[&str] = &[
    "id",
    "planId",
    "productId",
    "planProductId",
    "planFrequencyId",
    "sourcePlanId",
    "sourcePlanFrequencyId",
    "destinationPlanId",
    "destinationPlanFrequencyId",
];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File {
    gl_codes: Vec<gl_codes::GlCode>,
    custom_fields: Vec<custom_fields::Definition>,
    products: Vec<Product>,
    discounts: Vec<discounts::Discount>,
    plans: Vec<Plan>,
    plan_products: Vec<PlanProduct>,
    coupons: Vec<coupons::Coupon>,
    plan_families: Vec<PlanFamily>,
}

/// The text of the file.
pub(super) fn json(session: &Session, catalogue: Catalogue) -> String {
    let links = &Links::below("");
    let each = catalogue.gl_codes.into_iter();
    let file = File {
        gl_codes: each.map(|label| gl_codes::render(links, session, label)).collect(),
        custom_fields: catalogue
            .custom_fields
            .into_iter()
            .map(|field| custom_fields::render(links, session, field))
            .collect(),
        products: catalogue.products.into_iter().map(|product| Product::of(links, product, View::ALL)).collect(),
        discounts: catalogue.discounts.into_iter().map(|one| discounts::render(links, session, one)).collect(),
        plans: catalogue.plans.into_iter().map(|plan| Plan::of(links, plan)).collect(),
        plan_products: catalogue.plan_products.into_iter().map(|part| PlanProduct::of(links, part)).collect(),
        coupons: catalogue.coupons.into_iter().map(|coupon| coupons::render(links, session, coupon)).collect(),
        plan_families: catalogue.plan_families.into_iter().map(|family| PlanFamily::of(links, family)).collect(),
    };
    let text = serde_json::to_string(&file).expect("wire types hold strings, numbers and lists only");
    let node = json::parse(text.as_bytes()).ok().flatten().unwrap_or(Node::Null);
    let mut printed = String::new();
    Printer::default().value(&node, 0, &mut printed);
    printed.push('\n');
    printed
}

/// Prints with a member a line, and remembers what ids became.
#[derive(Default)]
struct Printer {
    numbers: HashMap<String, usize>,
}

impl Printer {
    fn value(&mut self, node: &Node<'_>, depth: usize, out: &mut String) {
        match node {
            Node::Object(members) => {
                let shown = members.iter().filter(|(name, value)| is_shown(name, value));
                let shown: Vec<_> = shown.collect();
                self.enclosed(['{', '}'], &shown, depth, out, |printer, (name, value), out| {
                    out.push_str(&json::compact(&Node::Text(Cow::Borrowed(name))));
                    out.push_str(": ");
                    match value {
                        Node::Number(id) if IDS.contains(&name.as_ref()) => out.push_str(&printer.renumbered(id)),
                        value => printer.value(value, depth + 1, out),
                    }
                });
            }
            Node::List(elements) => {
                self.enclosed(['[', ']'], elements, depth, out, |printer, element, out| {
                    printer.value(element, depth + 1, out);
                });
            }
            Node::Null | Node::Boolean(_) | Node::Number(_) | Node::Text(_) => out.push_str(&json::compact(node)),
        }
    }

    fn enclosed<T>(
        &mut self,
        [open, close]: [char; 2],
        parts: &[T],
        depth: usize,
        out: &mut String,
        mut print: impl FnMut(&mut Self, &T, &mut String),
    ) {
        out.push(open);
        for (index, part) in parts.iter().enumerate() {
            out.push_str(if index == 0 { "\n" } else { ",\n" });
            out.push_str(&"  ".repeat(depth + 1));
            print(self, part, out);
        }
        if !parts.is_empty() {
            out.push('\n');
            out.push_str(&"  ".repeat(depth));
        }
        out.push(close);
    }

    fn renumbered(&mut self, id: &str) -> String {
        let next = self.numbers.len() + 1;
        self.numbers.entry(id.to_owned()).or_insert(next).to_string()
    }
}

/// Parts that have no id of their own show 0, which says nothing.
fn is_shown(name: &str, value: &Node<'_>) -> bool {
    let is_empty_id = name == "id" && *value == Node::Number("0");
    !is_empty_id && !LEFT_OUT.contains(&name)
}
