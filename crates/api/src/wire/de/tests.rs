//! What clients send, and what is said about it when it is wrong.

use billing::purchase::Change;
use calendar::Instant;
use schemars::JsonSchema;
use serde::Deserialize;

use super::*;
use crate::wire::scalar::{Day, Decimal, Timestamp};
use crate::wire::shape::{Both, Maybe, OneOrMany, Ordinal, Raw};

#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct Order {
    customer_id: Option<i64>,
    name: Option<String>,
    auto_purchase: Option<bool>,
    quantity: Option<Decimal>,
    purchased_at: Option<Timestamp>,
    payment_method: Option<Method>,
    method_or_ordinal: Option<Ordinal<Method>>,
    #[serde(alias = "invoiceCollectionOptions")]
    collection: Option<Collection>,
    lines: Option<Vec<Line>>,
    tags: Vec<String>,
    settings: Option<OneOrMany<Line>>,
    data: Option<Vec<Raw>>,
    small: Option<u8>,
}

#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct Line {
    product_id: Option<i64>,
    price: Option<Decimal>,
}

#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct Collection {
    use_any_available_funds_first: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
enum Method {
    None,
    UseDefault,
    Ach,
}

fn read(body: &str) -> Order {
    from_slice(body.as_bytes()).unwrap_or_else(|problems| panic!("{body}: {problems:?}"))
}

/// The problems of a body as `field: message`.
fn problems(body: &str) -> Vec<String> {
    let problems = from_slice::<Order>(body.as_bytes()).expect_err(body);
    problems.into_iter().map(|problem| format!("{}: {}", problem.field, problem.message)).collect()
}

fn instant(text: &str) -> Timestamp {
    Timestamp(Instant::parse(text).unwrap())
}

#[test]
fn names_match_in_any_case_and_unknown_ones_are_ignored() {
    let expected = Order { customer_id: Some(7), ..Order::default() };
    for body in [
        "{customerId:7}",
        "{'customerid':7}",
        r#"{"CustomerID":7, "uri":"https://host/v1/x", extra:{a:[1]}}"#,
        "{customerId:1,CUSTOMERID:7}",
        "{customerId:7,customerid:null,CustomerId:7}",
    ] {
        assert_eq!(read(body), expected, "{body}");
    }
}

#[test]
fn a_later_null_of_the_same_name_takes_the_value_away() {
    assert_eq!(read("{customerId:7,CustomerId:null}"), Order::default());
}

#[test]
fn aliases_match_in_any_case_too() {
    for body in [
        "{invoiceCollectionOptions:{useAnyAvailableFundsFirst:'true'}}",
        "{InvoiceCollectionoptions:{UseAnyAvailableFundsFirst:true}}",
        "{collection:{useanyavailablefundsfirst:1}}",
    ] {
        let collection = read(body).collection.unwrap();
        assert_eq!(collection.use_any_available_funds_first, Some(true), "{body}");
    }
}

#[test]
fn scalars_convert() {
    assert_eq!(read("{name:1234156785243216}").name.as_deref(), Some("1234156785243216"));
    assert_eq!(read("{name:1.50}").name.as_deref(), Some("1.50"));
    assert_eq!(read("{name:false}").name.as_deref(), Some("false"));
    assert_eq!(read("{customerId:'42'}").customer_id, Some(42));
    assert_eq!(read("{customerId:42.0}").customer_id, Some(42));
    assert_eq!(read("{customerId:9223372036854775807}").customer_id, Some(i64::MAX));
    for truth in ["true", "'true'", "'True'", "'TRUE'", "1"] {
        assert_eq!(read(&format!("{{autoPurchase:{truth}}}")).auto_purchase, Some(true), "{truth}");
    }
    assert_eq!(read("{autoPurchase:'False'}").auto_purchase, Some(false));
    for (number, millionths) in
        [("12.5", 12_500_000), ("'12.5'", 12_500_000), ("-1e-6", -1), ("1.0000000", 1_000_000), ("' 3 '", 3_000_000)]
    {
        let quantity = read(&format!("{{quantity:{number}}}")).quantity;
        assert_eq!(quantity, Some(Decimal::from_millionths(millionths)), "{number}");
    }
}

#[test]
fn instants_are_dates_times_and_offsets() {
    assert_eq!(read("{purchasedAt:'2024-01-31'}").purchased_at, Some(instant("2024-01-31T00:00:00Z")));
    assert_eq!(read("{purchasedAt:'2024-01-31T10:00:00'}").purchased_at, Some(instant("2024-01-31T10:00:00Z")));
    assert_eq!(read("{purchasedAt:'2024-01-31T10:00:00-05:00'}").purchased_at, Some(instant("2024-01-31T15:00:00Z")));
}

#[test]
fn enums_match_in_any_case_and_ordinals_only_where_allowed() {
    let default = Some(Method::UseDefault);
    assert_eq!(read("{paymentMethod:'useDefault'}").payment_method, default);
    assert_eq!(read("{paymentMethod:'ach'}").payment_method, Some(Method::Ach));
    assert_eq!(read("{methodOrOrdinal:1}").method_or_ordinal.map(|method| method.0), default);
    assert_eq!(read("{methodOrOrdinal:'none'}").method_or_ordinal, Some(Ordinal(Method::None)));
    let names = "must be one of None, UseDefault, Ach.";
    assert_eq!(problems("{paymentMethod:1}"), [format!("PaymentMethod: PaymentMethod {names}")]);
    assert_eq!(problems("{paymentMethod:'cash'}"), [format!("PaymentMethod: PaymentMethod {names}")]);
    assert_eq!(problems("{methodOrOrdinal:3}"), [format!("MethodOrOrdinal: MethodOrOrdinal {names}")]);
}

#[test]
fn null_is_absent_and_so_is_an_empty_text_unless_it_is_a_text() {
    for value in ["null", "''"] {
        let body = format!(
            "{{customerId:{value},autoPurchase:{value},quantity:{value},purchasedAt:{value},paymentMethod:{value},
               methodOrOrdinal:{value},collection:{value},lines:{value},settings:{value},small:{value},data:{value}}}"
        );
        assert_eq!(read(&body), Order::default());
    }
    assert_eq!(read("{name:''}").name.as_deref(), Some(""));
    assert_eq!(read("{tags:null,name:null}"), Order::default());
}

#[test]
fn an_empty_text_hides_no_other_problem() {
    assert_eq!(problems("{customerId:'',lines:[{price:''},{price:'x'}]}"), ["Lines[1].Price: Price must be a number."]);
}

#[test]
fn an_empty_body_is_an_empty_object() {
    for body in ["", "{}", " \n", "// nothing"] {
        assert_eq!(read(body), Order::default());
    }
}

#[test]
fn one_object_stands_for_a_list_only_where_allowed() {
    let one = Some(OneOrMany(vec![Line { product_id: Some(1), price: None }]));
    assert_eq!(read("{settings:{productId:1}}").settings, one);
    assert_eq!(read("{settings:[{productId:1}]}").settings, one);
    assert_eq!(problems("{settings:{productId:'x'}}"), ["Settings.ProductId: ProductId must be a whole number."]);
    assert_eq!(problems("{settings:7}"), ["Settings: Settings must be a list."]);
    assert_eq!(problems("{lines:{productId:1}}"), ["Lines: Lines must be a list."]);
}

#[test]
fn raw_values_are_kept_as_strict_json() {
    let data = read("{data:[{id:1.50,'a':[null,]},'x',7,]}").data.unwrap();
    let texts: Vec<_> = data.into_iter().map(|raw| raw.0).collect();
    assert_eq!(texts, [r#"{"id":1.50,"a":[null]}"#, r#""x""#, "7"]);
}

#[test]
fn all_problems_are_told_at_once_with_their_paths() {
    let body = "{customerID:'abc', name:[1], autoPurchase:'yes', quantity:0.1234567, purchasedat:'31/01/2024',
        small:256, tags:'x', collection:[], lines:[{productId:1},null,{productId:{},price:1e30},7]}";
    assert_eq!(
        problems(body),
        [
            "CustomerId: CustomerId must be a whole number.",
            "Name: Name must be a string.",
            "AutoPurchase: AutoPurchase must be true or false.",
            "Quantity: Quantity must be a number with at most six decimal places.",
            "PurchasedAt: PurchasedAt must be a date such as 2024-01-31, or a date and time such as 2024-01-31T14:30:00Z.",
            "Collection: Collection must be an object.",
            "Lines[1]: Lines[1] must be an object.",
            "Lines[2].ProductId: ProductId must be a whole number.",
            "Lines[2].Price: Price is too large.",
            "Lines[3]: Lines[3] must be an object.",
            "Tags: Tags must be a list.",
            "Small: Small is out of range.",
        ]
    );
}

#[test]
fn a_body_of_another_shape_is_a_problem_of_the_body() {
    for body in ["[]", "7", "'x'", "null", "true"] {
        assert_eq!(problems(body), [": The body must be an object."], "{body}");
    }
    assert_eq!(
        problems("{a:'x':b:'y'}"),
        [": The body is not JSON: expected `,` or `}`, not `:`, at line 1, position 7."]
    );
}

#[test]
fn a_list_may_be_the_body() {
    assert_eq!(from_slice::<Vec<i64>>(b"[1,'2']").unwrap(), [1, 2]);
    assert_eq!(from_slice::<Vec<i64>>(b"['x']").unwrap_err()[0].field, "[0]");
}

#[test]
fn a_day_is_the_one_that_is_written() {
    let days = ["2024-01-31", "2024-01-31T23:30:00-05:00", "2024-01-31T00:30:00+05:00", "2024-01-31T12:00:00Z"];
    for text in days {
        let read: Vec<Day> = from_slice(format!("['{text}']").as_bytes()).unwrap();
        assert_eq!(read, [Day(calendar::parse_date("2024-01-31").unwrap())], "{text}");
    }
    for text in ["31.01.2024", "2024-01-32", "äöü", ""] {
        let problems = from_slice::<Vec<Day>>(format!("['{text}']").as_bytes()).unwrap_err();
        assert_eq!(fields(&problems), ["[0]"], "{text}");
    }
}

#[test]
fn the_list_of_problems_ends() {
    let body = format!("{{lines:[{}]}}", "7,".repeat(10_000));
    assert_eq!(problems(&body).len(), 100);
}

/// A type whose members are not all optional: what serde says about it is told as well.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Strict {
    #[expect(dead_code, reason = "only its absence matters")]
    id: i64,
}

#[test]
fn what_a_type_refuses_by_itself_is_told_where_it_stands() {
    let problems = from_slice::<Vec<Strict>>(b"[{id:1},{}]").unwrap_err();
    assert_eq!(problems, [Problem::new("[1]", "missing field `id`")]);
}

#[test]
fn schemas_show_numbers_and_strings() {
    let schema = schemars::schema_for!(Order).to_value();
    assert_eq!(schema["properties"]["customerId"]["type"][0], "integer");
    assert_eq!(schema["$defs"]["Line"]["properties"]["price"]["type"][0], "number");
    assert_eq!(schema["properties"]["purchasedAt"]["format"], "date-time");
}

#[test]
fn both_steps_report_at_once_and_a_member_only_once() {
    let parse = |order: Order| {
        assert_eq!(order.customer_id, None, "what is wrong is not there");
        let later = vec![Problem::new("CustomerId", "is no customer"), Problem::new("Lines", "too few")];
        Err::<(), _>(later)
    };
    let problems = parse_slice(b"{customerId:'x'}", parse).unwrap_err();
    let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["CustomerId", "Lines"]);
    assert_ne!(problems[0].message, "is no customer");
}

#[test]
fn absent_and_null_are_told_apart_where_it_matters() {
    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct Update {
        name: Maybe<String>,
        target: Maybe<Decimal>,
        plain: Option<bool>,
    }
    let read = |json: &str| from_slice::<Update>(json.as_bytes()).unwrap();
    assert_eq!(read("{}"), Update::default());
    assert_eq!(read("{plain:null}"), Update::default());
    let cleared = Update { name: Maybe(Change::Clear), target: Maybe(Change::Clear), plain: None };
    assert_eq!(read("{NAME:null,target:null}"), cleared);
    assert_eq!(read("{name:null,target:''}"), cleared, "an empty text stands for null where no text belongs");
    let set = Update {
        name: Maybe(Change::Set(String::new())),
        target: Maybe(Change::Set(Decimal::from_millionths(1_500_000))),
        plain: None,
    };
    assert_eq!(read("{name:'',target:'1.5'}"), set);
    assert_eq!(fields(&from_slice::<Update>(b"{target:'x'}").unwrap_err()), ["Target"]);
}

#[test]
fn two_types_read_one_object() {
    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct Owner {
        purchase_id: Option<i64>,
    }
    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct Named {
        name: Option<String>,
        list: Option<Vec<i64>>,
    }
    type Item = Both<Owner, Named>;
    let read: Item = from_slice(b"{PurchaseId:'7',name:1,list:['']}").unwrap_or_default();
    assert_eq!(read, Item::default(), "a list holds no nulls");
    let read: Item = from_slice(b"{PurchaseId:'7',name:1,list:[2]}").unwrap();
    assert_eq!(read, Both(Owner { purchase_id: Some(7) }, Named { name: Some("1".to_owned()), list: Some(vec![2]) }));
    let problems = from_slice::<Item>(b"{purchaseId:'x',name:[],list:[1,'y']}").unwrap_err();
    assert_eq!(fields(&problems), ["PurchaseId", "Name", "List[1]"]);
    let whole = from_slice::<Item>(b"[1]").unwrap_err();
    assert_eq!(fields(&whole), [""], "said once");
}

fn fields(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.field.as_str()).collect()
}
