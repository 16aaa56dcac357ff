//! Products as rows of a spreadsheet: one column a member, and one for the standard price in each currency.

use app::catalogue::Kept;
use billing::{named::Named as _, pricing::PricingModel, product::Product};
use money::Currency;

use super::{Fault, Source};
use crate::wire::json::{self, Node};

/// Columns of plain members, named as on the wire.
const PLAIN: [&str; 12] = [
    "code",
    "name",
    "description",
    "productType",
    "status",
    "taxExempt",
    "availableForPurchase",
    "isTrackingItems",
    "quantity",
    "avalaraItemCode",
    "avalaraTaxCode",
    "glCode",
];

/// Columns of the earning of a priced product, named as on the wire.
const EARNING: [&str; 4] =
    ["earningInterval", "earningNumberOfIntervals", "earningTimingInterval", "earningTimingType"];

/// Begins the name of a column of prices, before the currency.
const PRICE: &str = "price:";

/// The rows as a catalogue in JSON. Columns may be in any order; those of plain members must be there, because a member
/// without a column would lose its value; unknown ones are refused.
pub(super) fn read(text: &str) -> Result<Source, Vec<Fault>> {
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headers = reader.headers().map_err(|error| vec![fault(&error)])?.clone();
    let faults = header_faults(&headers);
    if !faults.is_empty() {
        return Err(faults);
    }
    let (mut rows, mut lines, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                lines.push(usize::try_from(line).unwrap_or(usize::MAX));
                rows.push(row(&headers, &record));
            }
            Err(error) => faults.push(fault(&error)),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let has_earning = headers.iter().any(|name| EARNING.iter().any(|own| own.eq_ignore_ascii_case(name)));
    let keeps = if has_earning { Kept::WithoutColumn } else { Kept::EarningToo };
    Ok(Source { json: format!("{{\"products\":[{}]}}", rows.join(",")), row_lines: Some(lines), keeps })
}

fn header_faults(headers: &csv::StringRecord) -> Vec<Fault> {
    let unknown =
        headers.iter().filter(|name| !is_column(name)).map(|name| format!("'{name}' is not a column of products."));
    let repeated = headers.iter().enumerate().filter_map(|(index, name)| {
        let is_repeated = headers.iter().take(index).any(|earlier| earlier.eq_ignore_ascii_case(name));
        is_repeated.then(|| format!("The column '{name}' is there more than once."))
    });
    let is_missing = |own: &&&str| !headers.iter().any(|name| name.eq_ignore_ascii_case(own));
    let missing = PLAIN.iter().filter(is_missing).map(|own| format!("The column '{own}' is missing."));
    unknown.chain(repeated).chain(missing).map(|message| Fault { line: 1, field: String::new(), message }).collect()
}

fn fault(error: &csv::Error) -> Fault {
    let line = error.position().map_or(1, csv::Position::line);
    Fault { line: usize::try_from(line).unwrap_or(usize::MAX), field: String::new(), message: error.to_string() }
}

fn is_column(name: &str) -> bool {
    let is = |own: &&str| own.eq_ignore_ascii_case(name);
    PLAIN.iter().any(is) || EARNING.iter().any(is) || currency(name).is_some()
}

fn currency(name: &str) -> Option<&str> {
    let (prefix, code) = name.split_at_checked(PRICE.len())?;
    prefix.eq_ignore_ascii_case(PRICE).then_some(code)
}

/// One product; an empty cell is null.
fn row(headers: &csv::StringRecord, record: &csv::StringRecord) -> String {
    let text = |text: &str| json::compact(&Node::Text(text.into()));
    let (mut plain, mut earning, mut prices) = (Vec::new(), Vec::new(), Vec::new());
    for (name, cell) in headers.iter().zip(record).filter(|(_, cell)| !cell.is_empty()) {
        if let Some(code) = currency(name) {
            prices.push(format!("{{\"currency\":{},\"amount\":{}}}", text(code), text(cell)));
        } else if EARNING.iter().any(|own| own.eq_ignore_ascii_case(name)) {
            earning.push(format!("{}:{}", text(name), text(cell)));
        } else {
            plain.push(format!("{}:{}", text(name), text(cell)));
        }
    }
    if !prices.is_empty() {
        earning.push(format!(
            "\"pricingModel\":{{\"pricingModelType\":\"{}\",\"quantityRanges\":[{{\"min\":0,\"prices\":[{}]}}]}}",
            PricingModel::Standard,
            prices.join(",")
        ));
    }
    if !earning.is_empty() {
        plain.push(format!("\"orderToCashCycle\":{{{}}}", earning.join(",")));
    }
    format!("{{{}}}", plain.join(","))
}

/// The products as rows. Prices that depend on the quantity have no column, so a catalogue that has some is refused.
pub(super) fn write(products: &[Product]) -> Result<String, String> {
    let mut currencies: Vec<Currency> = Vec::new();
    for product in products {
        let Some(cycle) = &product.fields.cycle else { continue };
        if cycle.pricing_model != PricingModel::Standard {
            let (code, model) = (&product.fields.code, cycle.pricing_model);
            return Err(format!(
                "Product {code} has {model} prices, which CSV has no column for; export JSON instead."
            ));
        }
        for (currency, _) in cycle.ranges.iter().flat_map(|range| &range.prices) {
            if !currencies.contains(currency) {
                currencies.push(*currency);
            }
        }
    }
    currencies.sort_by_key(|currency| currency.code());
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names = PLAIN.iter().chain(&EARNING).map(|name| (*name).to_owned());
    let prices = currencies.iter().map(|currency| format!("{PRICE}{}", currency.code()));
    let written = writer
        .write_record(names.chain(prices))
        .and_then(|()| products.iter().try_for_each(|product| writer.write_record(cells(product, &currencies))));
    written.map_err(|error| error.to_string())?;
    let bytes = writer.into_inner().map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

fn cells(product: &Product, currencies: &[Currency]) -> Vec<String> {
    let fields = &product.fields;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut cells = vec![
        fields.code.clone(),
        fields.name.clone(),
        text(&fields.description),
        fields.product_type.to_string(),
        fields.status.to_string(),
        fields.tax_exempt.to_string(),
        fields.available_for_purchase.to_string(),
        fields.is_tracking_items.to_string(),
        fields.quantity.map(|quantity| quantity.to_string()).unwrap_or_default(),
        text(&fields.avalara_item_code),
        text(&fields.avalara_tax_code),
        text(&fields.gl_code),
    ];
    let earning = fields.cycle.as_ref().map(|cycle| cycle.earning).unwrap_or_default();
    cells.extend([
        earning.interval.map(|interval| interval.name().to_owned()).unwrap_or_default(),
        earning.number_of_intervals.map(|number| number.to_string()).unwrap_or_default(),
        earning.timing_interval.map(|interval| interval.name().to_owned()).unwrap_or_default(),
        earning.timing_type.map(|timing_type| timing_type.name().to_owned()).unwrap_or_default(),
    ]);
    let prices = fields.cycle.iter().flat_map(|cycle| &cycle.ranges).flat_map(|range| &range.prices);
    let prices: Vec<_> = prices.collect();
    cells.extend(currencies.iter().map(|currency| {
        let price = prices.iter().find(|(own, _)| own == currency);
        price.map(|(_, amount)| amount.to_string()).unwrap_or_default()
    }));
    cells
}
