//! Plans, their products and families.

use billing::{
    earning::EarningInterval,
    id::{ChargeModelId, CycleId, PlanFamilyId, PlanFrequencyId, PlanId, PlanProductId, ProductId, RelationshipId},
    listing::Page,
    plan::{
        FrequencyFields, FrequencyStatus, Period, Plan, PlanFields, PlanFrequency, PlanStatus, ProrationGranularity,
        family::{EarningOption, MigrationOptions, PlanFamily, PlanFamilyFields, RelationshipFields, TransferOption},
        product::{ChargeModel, Cycle, CycleFields, PlanProduct, PlanProductFields, PlanProductStatus},
    },
    product::{ProductStatus, ProductType},
};
use db::{Error, Tx};
use money::Currency;
use store::plan;

use crate::world::{ELSEWHERE, HERE, add_product, assert_list, cycle, each_store, later, now, price, quantity, some};

const MONTH: Period = Period { interval: EarningInterval::Monthly, number_of_intervals: 1 };
const YEAR: Period = Period { interval: EarningInterval::Yearly, number_of_intervals: 1 };

fn plan_fields(code: &str) -> PlanFields {
    PlanFields {
        code: code.to_owned(),
        name: "Name".to_owned(),
        reference: some("R"),
        description: some("Text"),
        long_description: some("Long text"),
        status: PlanStatus::Active,
        auto_apply_changes: true,
        salesforce_compatible: true,
        frequencies: Vec::new(),
    }
}

fn frequency(id: i64, period: Period) -> PlanFrequency {
    PlanFrequency {
        id: PlanFrequencyId(id),
        fields: FrequencyFields {
            period,
            status: FrequencyStatus::Active,
            setup_fees: vec![(Currency::USD, price("1"))],
            charges: vec![(Currency::USD, price("2")), (Currency::EUR, price("3"))],
            is_prorated: true,
            proration_granularity: Some(ProrationGranularity::Daily),
        },
        revision: 1,
    }
}

/// A plan that is charged monthly.
fn add_plan(tx: &mut Tx<'_>, id: i64) -> Result<Plan, Error> {
    let (fields, frequencies) = (plan_fields(&format!("PLAN{id}")), vec![frequency(id + 1, MONTH)]);
    plan::insert(tx, HERE, PlanId(id), &fields, &frequencies, now())?;
    Ok(Plan { id: PlanId(id), fields, frequencies })
}

#[tokio::test]
async fn a_plan_keeps_its_frequencies() {
    each_store(|tx| {
        let stored = add_plan(tx, 10)?;
        assert_eq!(plan::find(tx, HERE, stored.id)?.as_ref(), Some(&stored));
        assert_eq!((plan::find(tx, ELSEWHERE, stored.id)?, plan::lock(tx, ELSEWHERE, stored.id)?), (None, false));
        assert!(plan::lock(tx, HERE, stored.id)?);
        assert_eq!(plan::find_by_code(tx, HERE, "PLAN10")?, Some(stored.id));
        assert_eq!(plan::find_by_code(tx, ELSEWHERE, "PLAN10")?, None);
        let mut changed = frequency(11, MONTH);
        (changed.revision, changed.fields.setup_fees) = (2, vec![]);
        let frequencies = vec![changed, frequency(12, YEAR)];
        plan::update(tx, HERE, &stored, &plan_fields("NEW"), &frequencies, later())?;
        let expected = Plan { id: stored.id, fields: plan_fields("NEW"), frequencies };
        assert_eq!(plan::find(tx, HERE, stored.id)?.as_ref(), Some(&expected));
        plan::retire(tx, ELSEWHERE, stored.id, later())?;
        plan::touch(tx, HERE, stored.id, later())?;
        assert_eq!(plan::find(tx, HERE, stored.id)?, Some(expected));
        plan::retire(tx, HERE, stored.id, later())?;
        assert_eq!(plan::find(tx, HERE, stored.id)?.unwrap().fields.status, PlanStatus::Retired);
        add_plan(tx, 20)?;
        assert_list(plan::LIST_COLUMNS, &[10, 20], |one: &Plan| one.id.0, |page| plan::list(tx, HERE, page))?;
        assert_eq!(plan::list(tx, ELSEWHERE, &Page::default())?.rows, []);
        Ok(())
    })
    .await;
}

fn cycle_of(id: i64, frequency: i64) -> Cycle {
    Cycle {
        id: CycleId(id),
        frequency: PlanFrequencyId(frequency),
        period: MONTH,
        charge_model_ids: vec![ChargeModelId(id + 1), ChargeModelId(id + 2)],
        fields: CycleFields { charge_models: ChargeModel::DEFAULTS.to_vec(), cycle: cycle() },
    }
}

fn plan_product(id: i64, plan: PlanId, product: ProductId) -> PlanProduct {
    PlanProduct {
        id: PlanProductId(id),
        plan,
        product,
        product_type: ProductType::PhysicalGood,
        product_status: ProductStatus::Active,
        gl_code: some("4000"),
        fields: PlanProductFields {
            status: PlanProductStatus::Active,
            code: some("C"),
            name: some("N"),
            description: some("Text"),
            quantity: quantity("1"),
            max_quantity: Some(quantity("5")),
            is_fixed: true,
            is_optional: true,
            is_included_by_default: true,
            is_tracking_items: true,
            charge_at_subscription_activation: true,
            generate_zero_dollar_charge: true,
        },
        cycles: vec![cycle_of(id + 1, plan.0 + 1)],
    }
}

#[tokio::test]
async fn a_plan_product_keeps_its_cycles() {
    each_store(|tx| {
        let (plan, product) = (add_plan(tx, 10)?.id, add_product(tx, 20)?);
        let stored = plan_product(30, plan, product);
        plan::product::insert(tx, HERE, &stored, now())?;
        assert_eq!(plan::product::find(tx, HERE, stored.id)?.as_ref(), Some(&stored));
        assert_eq!(plan::product::find(tx, ELSEWHERE, stored.id)?, None);
        let fields = PlanProductFields { max_quantity: None, description: None, ..stored.fields.clone() };
        let cycles = vec![cycle_of(40, plan.0 + 1)];
        plan::product::update(tx, ELSEWHERE, stored.id, &fields, later())?;
        plan::product::replace_cycles(tx, ELSEWHERE, stored.id, &[])?;
        assert_eq!(plan::product::find(tx, HERE, stored.id)?.as_ref(), Some(&stored));
        plan::product::update(tx, HERE, stored.id, &fields, later())?;
        plan::product::replace_cycles(tx, HERE, stored.id, &cycles)?;
        let changed = PlanProduct { fields, cycles, ..stored.clone() };
        assert_eq!(plan::product::find(tx, HERE, stored.id)?.as_ref(), Some(&changed));
        let (columns, id_of) = (plan::product::LIST_COLUMNS, |one: &PlanProduct| one.id.0);
        assert_list(columns, &[30], id_of, |page| plan::product::list_of_plan(tx, HERE, plan, page))?;
        assert_list(columns, &[30], id_of, |page| plan::product::list_of_product(tx, HERE, product, page))?;
        assert_list(columns, &[], id_of, |page| plan::product::list_of_plan(tx, ELSEWHERE, plan, page))?;
        assert_list(columns, &[], id_of, |page| plan::product::list_of_product(tx, ELSEWHERE, product, page))?;
        plan::product::delete(tx, HERE, stored.id, later())?;
        assert_eq!(plan::product::find(tx, HERE, stored.id)?.unwrap().fields.status, PlanProductStatus::Deleted);
        Ok(())
    })
    .await;
}

fn options<E: Copy, T: Copy>(earning: E, transfer: T) -> MigrationOptions<E, T> {
    MigrationOptions {
        earning,
        name_override: transfer,
        description_override: transfer,
        reference: transfer,
        expiry: transfer,
        custom_fields: transfer,
        contract_start: transfer,
        contract_end: transfer,
    }
}

#[tokio::test]
async fn a_family_keeps_its_plans_and_migrations() {
    each_store(|tx| {
        let [source, destination] = [add_plan(tx, 10)?.id, add_plan(tx, 20)?.id];
        let relationship = |options| RelationshipFields {
            source_plan: source,
            source_frequency: PlanFrequencyId(11),
            destination_plan: destination,
            destination_frequency: PlanFrequencyId(21),
            options,
        };
        let own = relationship(options(Some(EarningOption::Full), Some(TransferOption::DoNotTransfer)));
        let family = PlanFamily {
            id: PlanFamilyId(30),
            fields: PlanFamilyFields {
                code: "F".to_owned(),
                name: "Name".to_owned(),
                description: some("Text"),
                options: options(EarningOption::Unearned, TransferOption::Transfer),
                plans: vec![destination, source],
                relationships: vec![own],
            },
            relationship_ids: vec![RelationshipId(31)],
        };
        plan::family::insert(tx, HERE, &family, now())?;
        assert_eq!(plan::family::find(tx, HERE, family.id)?.as_ref(), Some(&family));
        assert_eq!(plan::family::find(tx, ELSEWHERE, family.id)?, None);
        let locked = [plan::family::lock(tx, HERE, family.id)?, plan::family::lock(tx, ELSEWHERE, family.id)?];
        assert_eq!(locked, [true, false]);
        let mut changed = family.clone();
        changed.fields.code = "G".to_owned();
        changed.fields.relationships = vec![relationship(options(None, None))];
        plan::family::update(tx, HERE, &changed, later())?;
        assert_eq!(plan::family::find(tx, HERE, family.id)?, Some(changed));
        assert_eq!(plan::family::find_by_code(tx, HERE, "G")?, Some(family.id));
        assert_eq!(plan::family::find_by_code(tx, ELSEWHERE, "G")?, None);
        let (columns, id_of) = (plan::family::LIST_COLUMNS, |one: &PlanFamily| one.id.0);
        for (account, of, ids) in [
            (HERE, None, &[30][..]),
            (HERE, Some(source), &[30]),
            (HERE, Some(PlanId(99)), &[]),
            (ELSEWHERE, None, &[]),
        ] {
            assert_list(columns, ids, id_of, |page| plan::family::list(tx, account, of, page))?;
        }
        plan::family::delete(tx, ELSEWHERE, family.id)?;
        assert!(plan::family::find(tx, HERE, family.id)?.is_some());
        plan::family::delete(tx, HERE, family.id)?;
        assert_eq!(plan::family::find(tx, HERE, family.id)?, None);
        Ok(())
    })
    .await;
}
