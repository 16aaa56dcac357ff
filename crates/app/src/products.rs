//! Products: create, read, replace.

pub mod create;
pub mod delete;
pub mod find;
pub mod list;
pub mod summary;
pub mod update;

use billing::{
    account::Session,
    custom_field::CustomField,
    gl_code::GlCodeStatus,
    id::ProductId,
    problem::Problems,
    product::{Product, ProductFields},
};
use db::Tx;

use crate::{Error, custom_fields::define};

/// Records that another product has the code already.
fn check_code(
    tx: &mut Tx<'_>,
    session: &Session,
    product: Option<ProductId>,
    fields: &ProductFields,
    problems: &mut Problems,
) -> Result<(), Error> {
    let holder = store::product::find_by_code(tx, session.account.id, &fields.code)?;
    if holder.is_some_and(|holder| Some(holder) != product) {
        problems.push("Code", format!("Code {} is already in use.", fields.code));
    }
    Ok(())
}

/// `fields` with values in the form of their types and the name of its general-ledger label. Keys without a definition and
/// labels that may not be given are recorded; a product keeps the label that it has. Labels are locked before products, so
/// whoever locks the product shares its new label first.
fn complete(
    tx: &mut Tx<'_>,
    session: &Session,
    stored: Option<&Product>,
    fields: &ProductFields,
    problems: &mut Problems,
) -> Result<ProductFields, Error> {
    let defined = define(tx, session, &fields.custom_fields, "ProductCustomFields", problems)?;
    let mut gl_code_name = None;
    if let Some(code) = &fields.gl_code {
        let has_it = stored.is_some_and(|stored| stored.fields.gl_code.as_ref() == Some(code));
        let label = store::gl_code::share_by_code(tx, session.account.id, code)?;
        match label.filter(|label| has_it || label.fields.status == GlCodeStatus::Active) {
            Some(label) => gl_code_name = Some(label.fields.name),
            None => problems.push("GlCode", format!("GL code {code} does not exist or is retired.")),
        }
    }
    let custom_fields = defined.into_iter().map(CustomField::from).collect();
    Ok(ProductFields { custom_fields, gl_code_name, ..fields.clone() })
}
