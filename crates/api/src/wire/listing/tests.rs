//! Every form of a filter, wrong parameters, and the headers at the edges of a list.

use billing::listing::{Clause, Condition, Kind, Operand};
use calendar::Instant;
use serde_json::Value;

use super::*;

const FIELDS: &[Field] = &[
    Field { name: "id", kind: Kind::Id },
    Field { name: "firstName", kind: Kind::Text },
    Field { name: "Customer.Status", kind: Kind::Enum(&["Draft", "Active", "Cancelled"]) },
    Field { name: "amount", kind: Kind::Decimal },
    Field { name: "invoiceNumber", kind: Kind::Integer },
    Field { name: "createdTimestamp", kind: Kind::Instant },
    Field { name: "deletable", kind: Kind::Boolean },
];

/// Their names, as refusals list them.
const KNOWN_NAMES: &str = "id, firstName, Customer.Status, amount, invoiceNumber, createdTimestamp, deletable";

/// The parameters of a list, and one that is its own.
const KNOWN: &[&str] = &["query", "quickSearch", "pageSize", "pageNumber", "sortExpression", "sortOrder", "deletable"];

fn read(query: &str) -> Result<Page, ErrorBody> {
    page(&Query::parse(query), FIELDS, KNOWN)
}

fn conditions(clauses: &str) -> Vec<(&'static str, Condition)> {
    let page = read(&format!("query={clauses}")).unwrap_or_else(|error| panic!("{clauses}: {error:?}"));
    page.conditions.into_iter().map(|Clause { field, condition }| (field, condition)).collect()
}

/// The texts of an error 400; all its keys are `Api Error`.
fn refused(query: &str) -> Vec<String> {
    let body = serde_json::to_value(read(query).expect_err(query)).unwrap();
    assert_eq!(body["HttpStatusCode"], 400);
    let errors = body["Errors"].as_array().unwrap();
    assert!(errors.iter().all(|error| error["Key"] == "Api Error"));
    errors.iter().filter_map(|error| error["Value"].as_str().map(str::to_owned)).collect()
}

fn words(text: &str) -> Operand {
    Operand::Text(text.to_owned())
}

fn instant(text: &str) -> Operand {
    Operand::Instant(Instant::parse(text).unwrap())
}

fn pieces(pieces: &[&str]) -> Condition {
    Condition::Like(pieces.iter().map(|&piece| piece.to_owned()).collect())
}

fn range(from: Option<Operand>, to: Option<Operand>) -> Condition {
    Condition::Range { from, to }
}

#[test]
fn every_form_of_a_filter() {
    let number = |whole: i64| Operand::Millionths(whole * money::MILLIONTHS);
    for (clauses, field, condition) in [
        ("firstName:Jessica", "firstName", Condition::Equals(words("Jessica"))),
        ("FIRSTNAME:Jessica", "firstName", Condition::Equals(words("Jessica"))),
        ("firstName:a:b|c,d", "firstName", Condition::Equals(words("a:b|c,d"))),
        ("firstName:", "firstName", Condition::Equals(words(""))),
        ("firstName:null", "firstName", Condition::Equals(words("null"))),
        ("firstName:[empty]", "firstName", Condition::Empty),
        ("amount:[Empty]", "amount", Condition::Empty),
        ("firstName:555*", "firstName", pieces(&["555", ""])),
        ("firstName:*555*", "firstName", pieces(&["", "555", ""])),
        ("firstName:*", "firstName", pieces(&["", ""])),
        ("customer.status:active", "Customer.Status", Condition::Equals(words("Active"))),
        ("Customer.Status:Active,DRAFT", "Customer.Status", Condition::In(vec![words("Active"), words("Draft")])),
        ("id:123", "id", Condition::Equals(Operand::Integer(123))),
        ("id:123,456", "id", Condition::In(vec![Operand::Integer(123), Operand::Integer(456)])),
        ("invoiceNumber:7|", "invoiceNumber", range(Some(Operand::Integer(7)), None)),
        ("amount:50.00|180.00", "amount", range(Some(number(50)), Some(number(180)))),
        ("amount:|180", "amount", range(None, Some(number(180)))),
        ("amount:50", "amount", Condition::Equals(number(50))),
        (
            "createdTimestamp:2018-01-01|2019-01-01",
            "createdTimestamp",
            range(Some(instant("2018-01-01")), Some(instant("2019-01-01"))),
        ),
        ("createdTimestamp:2018-01-01%7C", "createdTimestamp", range(Some(instant("2018-01-01")), None)),
        ("createdTimestamp:2017-01-01T00:00:00.000Z", "createdTimestamp", Condition::Equals(instant("2017-01-01"))),
        ("deletable:True", "deletable", Condition::Equals(Operand::Boolean(true))),
    ] {
        assert_eq!(conditions(clauses), [(field, condition)], "{clauses}");
    }
}

#[test]
fn clauses_are_joined_and_open_ranges_restrict_nothing() {
    let both = conditions("firstName:x%3Bamount:1;createdTimestamp:|;");
    assert_eq!(both.iter().map(|(field, _)| *field).collect::<Vec<_>>(), ["firstName", "amount"]);
    assert!(conditions("").is_empty());
}

#[test]
fn a_filter_may_be_a_parameter_of_its_own() {
    let fields =
        |query: &str| read(query).unwrap().conditions.into_iter().map(|clause| clause.field).collect::<Vec<_>>();
    assert_eq!(fields("INVOICENUMBER=7&query=amount:1"), ["amount", "invoiceNumber"]);
    let clause = Clause { field: "invoiceNumber", condition: range(Some(Operand::Integer(7)), None) };
    assert_eq!(read("invoiceNumber=7|").unwrap().conditions, [clause]);
    assert_eq!(fields("firstName=&id=5&deletable=other"), ["id"], "not nothing, and not the call's own");
    assert_eq!(
        refused("Customer.Status=Gone"),
        ["'Gone' is not valid for Customer.Status, which must be one of Draft, Active, Cancelled."]
    );
}

#[test]
fn parameters_that_would_change_nothing_are_told() {
    assert_eq!(
        refused("status=Active&FirstName=Eve&Status&other=1&_=2&=3"),
        ["status", "Status", "other"]
            .map(|name| { format!("This list knows no parameter '{name}'. It is filtered by {KNOWN_NAMES}.") })
    );
}

#[test]
fn wrong_clauses_are_all_told() {
    assert_eq!(
        refused("query=nope:1;firstName;amount:x;Customer.Status:Gone;createdTimestamp:soon|;deletable:yes;id:1,a"),
        [
            &format!("This list cannot be filtered by 'nope'. It can be by {KNOWN_NAMES}."),
            "The clause 'firstName' has no ':' between a name and a value.",
            "'x' is not valid for amount, which must be a number with at most six decimal places.",
            "'Gone' is not valid for Customer.Status, which must be one of Draft, Active, Cancelled.",
            "'soon' is not valid for createdTimestamp, which must be a date such as 2024-01-31, or a date and time \
             such as 2024-01-31T14:30:00.",
            "'yes' is not valid for deletable, which must be true or false.",
            "'a' is not valid for id, which must be a whole number.",
        ]
    );
}

#[test]
fn queries_and_sets_end() {
    assert_eq!(refused(&format!("query={}", "id:1;".repeat(101))).len(), 1);
    assert_eq!(refused(&format!("query=id:{}1", "1,".repeat(1_000))).len(), 1);
    assert!(read(&format!("query=id:{}1", "1,".repeat(999))).is_ok());
}

#[test]
fn pages_have_defaults_and_limits() {
    assert_eq!(read("").unwrap(), Page::default());
    let page = read("PageSize=50&pagenumber=3").unwrap();
    assert_eq!((page.size, page.number), (50, 3));
    assert_eq!(read("pageSize=5000").unwrap().size, 1_000);
    assert_eq!(read("pageSize=&_=1").unwrap().size, 1_000);
    for wrong in ["pageSize=0", "pageSize=-1", "pageSize=ten", "pageNumber=-1", "pageNumber=1.0"] {
        assert_eq!(refused(wrong).len(), 1, "{wrong}");
    }
    assert_eq!(
        refused("pageSize=0&pageNumber=x&sortOrder=up&sortExpression=nope"),
        [
            &format!("This list cannot be sorted by 'nope'. It can be by {KNOWN_NAMES}."),
            "sortOrder must be one of Ascending, Descending.",
            "pageNumber must be a whole number of at least 0.",
            "pageSize must be a whole number of at least 1.",
        ]
    );
}

#[test]
fn one_half_of_a_sort_gets_the_other_by_default() {
    let sort = |query: &str| read(query).map(|page| (page.sort.field, page.sort.direction)).unwrap();
    assert_eq!(sort("sortOrder=descending"), ("id", Direction::Descending));
    assert_eq!(sort("sortExpression=FIRSTNAME"), ("firstName", Direction::Ascending));
    assert_eq!(sort("sortExpression=amount&sortOrder=Descending"), ("amount", Direction::Descending));
    assert_eq!(sort("sortExpression=&sortOrder="), ("id", Direction::Ascending));
}

#[test]
fn headers_at_the_edges_of_a_list() {
    let names = ["x-currentpage", "x-nextpage", "x-previouspage", "x-maxpageindex"];
    for (matching, number, expected) in [
        (0, 0, ["0", "-1", "-1", "0"]),
        (10, 0, ["0", "-1", "-1", "0"]),
        (11, 0, ["0", "1", "-1", "1"]),
        (11, 1, ["1", "-1", "0", "1"]),
        (30, 1, ["1", "2", "0", "2"]),
        (30, 7, ["7", "-1", "6", "2"]),
    ] {
        let page = Page { number, size: 10, ..Page::default() };
        let headers = headers(&page, &Slice::<Value> { rows: vec![], matching, total: 99 });
        assert_eq!(names.map(|name| headers[name].to_str().unwrap()), expected, "{matching} {number}");
        assert_eq!(headers.len(), 9);
    }
}

#[test]
fn headers_tell_counts_and_order() {
    let page = read("pageSize=20&sortExpression=amount&sortOrder=Descending").unwrap();
    let headers = headers(&page, &Slice { rows: vec![1, 2], matching: 2, total: 5 });
    let names = ["x-count", "x-maxcount", "x-pagesize", "x-sortorder", "x-sortexpression"];
    assert_eq!(names.map(|name| headers[name].to_str().unwrap()), ["2", "5", "20", "Descending", "amount"]);
}
