//! Labels, custom fields and products of a file.

use billing::{
    custom_field::DefinitionFields,
    gl_code::{GlCodeFields, GlCodeStatus},
    pricing::PricingModel,
    problem::Problems,
    product::{OrderToCashCycle, ProductFields, ProductStatus},
};

use super::{Import, references::Of};
use crate::{
    Error,
    catalogue::{Entry, Kept},
    custom_fields, gl_codes, products,
};

impl Import<'_, '_, '_> {
    /// Labels, all of them active until products have been given them.
    pub(super) fn gl_codes(&mut self, labels: &[GlCodeFields]) -> Result<(), Error> {
        const LIST: &str = "GlCodes";
        self.check_repeated(LIST, "Code", labels.iter().map(|label| &label.code));
        let mut is_new = Vec::new();
        for (index, label) in labels.iter().enumerate() {
            let fields = GlCodeFields { status: GlCodeStatus::Active, ..label.clone() };
            is_new.extend(self.element(LIST, index, |import| import.set_gl_code(fields))?);
        }
        self.count("glCodes", &is_new);
        Ok(())
    }

    /// Retires the labels that the file retires.
    pub(super) fn retire_gl_codes(&mut self, labels: &[GlCodeFields]) -> Result<(), Error> {
        for (index, label) in labels.iter().enumerate().filter(|(_, label)| label.status == GlCodeStatus::Retired) {
            self.element("GlCodes", index, |import| import.set_gl_code(label.clone()))?;
        }
        Ok(())
    }

    fn set_gl_code(&mut self, fields: GlCodeFields) -> Result<bool, Error> {
        match store::gl_code::find_by_code(self.tx, self.session.account.id, &fields.code)? {
            Some(stored) if stored.fields == fields => Ok(false),
            Some(stored) => {
                gl_codes::update::run(self.tx, self.session, &gl_codes::update::Order { id: stored.id, fields })?;
                Ok(false)
            }
            None => gl_codes::create::run(self.tx, self.session, &fields).map(|_| true),
        }
    }

    /// Definitions of custom fields.
    pub(super) fn custom_fields(&mut self, definitions: &[DefinitionFields]) -> Result<(), Error> {
        const LIST: &str = "CustomFields";
        self.check_repeated(LIST, "Key", definitions.iter().map(|definition| &definition.key));
        let mut is_new = Vec::new();
        for (index, fields) in definitions.iter().enumerate() {
            is_new.extend(self.element(LIST, index, |import| {
                let (tx, session) = (&mut *import.tx, import.session);
                match store::custom_field::find_by_key(tx, session.account.id, &fields.key)? {
                    Some(stored) => {
                        let order = custom_fields::update::Order { id: stored.id, fields: fields.clone() };
                        custom_fields::update::run(tx, session, &order).map(|_| false)
                    }
                    None => custom_fields::create::run(tx, session, fields).map(|_| true),
                }
            })?);
        }
        self.count("customFields", &is_new);
        Ok(())
    }

    /// Products, all of them active until plans have been made of them.
    pub(super) fn products(&mut self, entries: &[Entry<ProductFields>], keeps: Kept) -> Result<(), Error> {
        const LIST: &str = "Products";
        self.check_repeated(LIST, "Code", entries.iter().map(|entry| &entry.fields.code));
        let mut is_new = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let fields = ProductFields { status: ProductStatus::Active, ..entry.fields.clone() };
            let done = self.element(LIST, index, |import| import.set_product(fields, keeps))?;
            let stored = done.map(|(id, _)| id);
            self.problems.item(LIST, index, |problems| {
                self.references.insert(Of::Product, entry.id, stored, problems);
            });
            is_new.extend(done.map(|(_, is_new)| is_new));
        }
        self.count("products", &is_new);
        Ok(())
    }

    /// Retires the products that the file retires.
    pub(super) fn retire_products(&mut self, entries: &[Entry<ProductFields>]) -> Result<(), Error> {
        let retired = |entry: &Entry<ProductFields>| entry.fields.status == ProductStatus::Retired;
        for (index, entry) in entries.iter().enumerate().filter(|(_, entry)| retired(entry)) {
            self.element("Products", index, |import| {
                let Some(id) = store::product::find_by_code(import.tx, import.session.account.id, &entry.fields.code)?
                else {
                    return Ok(());
                };
                let mut fields = products::find::run(import.tx, import.session, id)?.fields;
                fields.status = ProductStatus::Retired;
                products::update::run(import.tx, import.session, &products::update::Order { id, fields }).map(|_| ())
            })?;
        }
        Ok(())
    }

    fn set_product(&mut self, fields: ProductFields, keeps: Kept) -> Result<(i64, bool), Error> {
        let Some(id) = store::product::find_by_code(self.tx, self.session.account.id, &fields.code)? else {
            return products::create::run(self.tx, self.session, &fields).map(|product| (product.id.0, true));
        };
        let current = products::find::run(self.tx, self.session, id)?.fields;
        let fields = match keeps {
            Kept::Nothing => fields,
            Kept::WithoutColumn => with_rest(fields, current),
            Kept::EarningToo => with_rest(with_earning(fields, &current), current),
        };
        // What was kept must still go with what is new, such as the earning with the product's type.
        let mut problems = Problems::new();
        fields.check(&mut problems);
        problems.into_result().map_err(Error::Invalid)?;
        products::update::run(self.tx, self.session, &products::update::Order { id, fields })?;
        Ok((id.0, false))
    }
}

/// The columns of a spreadsheet without any of earning: a product that is priced already goes on earning as it does.
fn with_earning(mut columns: ProductFields, current: &ProductFields) -> ProductFields {
    if let (Some(cycle), Some(current)) = (&mut columns.cycle, &current.cycle) {
        cycle.earning = current.earning;
    }
    columns
}

/// The columns of a spreadsheet, and the rest as it is.
fn with_rest(columns: ProductFields, current: ProductFields) -> ProductFields {
    let is_standard = |cycle: &OrderToCashCycle| cycle.pricing_model == PricingModel::Standard;
    let cycle = match columns.cycle {
        Some(cycle) => Some(cycle),
        // Prices that a spreadsheet cannot hold are not in it, and were not taken away.
        None => current.cycle.filter(|cycle| !is_standard(cycle)),
    };
    ProductFields {
        code: columns.code,
        name: columns.name,
        description: columns.description,
        product_type: columns.product_type,
        status: columns.status,
        tax_exempt: columns.tax_exempt,
        cycle,
        available_for_purchase: columns.available_for_purchase,
        is_tracking_items: columns.is_tracking_items,
        quantity: columns.quantity,
        avalara_item_code: columns.avalara_item_code,
        avalara_tax_code: columns.avalara_tax_code,
        gl_code: columns.gl_code,
        ..current
    }
}
