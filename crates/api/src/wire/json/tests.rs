//! Every leniency of the wire, what stays refused, and agreement with `serde_json` on strict documents.

use proptest::prelude::*;
use serde_json::Value;

use super::{DEPTH_MAX, Node, compact, parse};

fn compacted(body: &str) -> String {
    compact(&parse(body.as_bytes()).unwrap().unwrap())
}

#[test]
fn lenient_forms_read_as_their_strict_equals() {
    for (lenient, strict) in [
        ("{id:42}", r#"{"id":42}"#),
        ("{name:'p1'}", r#"{"name":"p1"}"#),
        ("{'customerId':7}", r#"{"customerId":7}"#),
        (r#"{customerId:1,'a':"x","b":'y'}"#, r#"{"customerId":1,"a":"x","b":"y"}"#),
        ("{a:1,}", r#"{"a":1}"#),
        ("[1,2,]", "[1,2]"),
        ("{a:[{b:1,},],}", r#"{"a":[{"b":1}]}"#),
        ("// first\n{a:/* one */1}// last", r#"{"a":1}"#),
        ("{a:1/**/,/***/b:2}", r#"{"a":1,"b":2}"#),
        ("{a:1,b:2,a:3}", r#"{"a":3,"b":2}"#),
        ("\u{feff}{a:null}", r#"{"a":null}"#),
        ("{$a_1:true, größe:false}", r#"{"$a_1":true,"größe":false}"#),
        (r#"{a:'it\'s "so"', b:"'"}"#, r#"{"a":"it's \"so\"","b":"'"}"#),
        ("{a:'two\nlines\u{1}'}", r#"{"a":"two\nlines\u0001"}"#),
        ("{null:1,true:2}", r#"{"null":1,"true":2}"#),
        (r#""\u00e9\ud83d\ude00\/\b\f\r\t\\""#, "\"é😀/\\u0008\\u000c\\r\\t\\\\\""),
    ] {
        assert_eq!(compacted(lenient), strict, "{lenient}");
        assert_eq!(compacted(strict), strict);
    }
}

#[test]
fn numbers_stay_as_written() {
    for text in ["0", "-0", "1.000000", "1e3", "1.5E-2", "79228162514264337593543950335", "0.1000000000000000000001"] {
        assert_eq!(parse(text.as_bytes()).unwrap(), Some(Node::Number(text)));
    }
}

#[test]
fn nothing_but_blanks_is_no_value() {
    for body in ["", "  \r\n\t", "// nothing", "/* nothing */ ", "\u{feff}"] {
        assert_eq!(parse(body.as_bytes()), Ok(None), "{body:?}");
    }
}

#[test]
fn broken_text_is_refused_with_its_place() {
    for (body, place, part) in [
        ("{a:'x':b:'y'}", (1, 7), "`,` or `}`"),
        ("{purchaseId:164359,discountType:'Percentage':amount:10.0}", (1, 45), "not `:`"),
        ("{a:NaN}", (1, 4), "a value"),
        ("{a:Infinity}", (1, 4), "a value"),
        ("{a:undefined}", (1, 4), "a value"),
        ("{a:0x1F}", (1, 4), "a number"),
        ("{a:012}", (1, 4), "a number"),
        ("{a:1.}", (1, 4), "a number"),
        ("{a:1e}", (1, 4), "a number"),
        ("{a:.5}", (1, 4), "a value"),
        ("{a:+5}", (1, 4), "a value"),
        ("{\n  a: 1\n  b: 2\n}", (3, 3), "`,` or `}`"),
        ("{ä:'ö' x}", (1, 8), "`,` or `}`"),
        ("{a:1", (1, 5), "the text ends"),
        ("[1,,2]", (1, 4), "a value"),
        ("[,]", (1, 2), "a value"),
        ("{,}", (1, 2), "a member name"),
        ("{a:1}}", (1, 6), "the end"),
        ("{a:'x", (1, 4), "closing quote"),
        ("{/* a:1}", (1, 2), "comment"),
        ("{a:/1}", (1, 4), "a value"),
        (r#"["\u0000"]"#, (1, 3), "NUL"),
        ("['\0']", (1, 3), "NUL"),
        (r#"["\ud800"]"#, (1, 9), "surrogate"),
        (r#"["\ud800\u0041"]"#, (1, 3), "surrogate"),
        (r#"["\udc00"]"#, (1, 3), "surrogate"),
        (r#"["\u12"]"#, (1, 3), "escape"),
        (r#"["\x41"]"#, (1, 3), "escape"),
        ("\u{a0}{}", (1, 1), "a value"),
    ] {
        let error = parse(body.as_bytes()).expect_err(body);
        assert_eq!((error.line, error.column), place, "{body}: {error}");
        assert!(error.reason.contains(part), "{body}: {error}");
    }
}

#[test]
fn bytes_that_are_not_utf8_are_refused_with_their_place() {
    let error = parse(b"{\n a:'\xff'}").unwrap_err();
    assert_eq!((error.line, error.column), (2, 5));
}

#[test]
fn nesting_ends_at_the_limit() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(parse(nested(DEPTH_MAX).as_bytes()).is_ok());
    assert!(parse(nested(DEPTH_MAX + 1).as_bytes()).unwrap_err().reason.contains("64"));
    assert!(parse("[".repeat(1_000_000).as_bytes()).is_err());
}

#[test]
fn repeated_names_of_a_wide_object_keep_the_last() {
    let members: Vec<_> = (0..100).map(|index| format!("m{}:{index}", index % 50)).collect();
    let Some(Node::Object(kept)) = parse(format!("{{{}}}", members.join(",")).as_bytes()).unwrap().map(forget_source)
    else {
        panic!("not an object");
    };
    assert_eq!(kept.len(), 50);
    assert_eq!(kept[7].0, "m7");
    assert_eq!(kept[7].1, Node::Text("57".into()));
}

/// The same value without a borrow of its source; numbers become texts.
fn forget_source(node: Node<'_>) -> Node<'static> {
    match node {
        Node::Object(members) => Node::Object(
            members.into_iter().map(|(name, value)| (name.into_owned().into(), forget_source(value))).collect(),
        ),
        Node::Number(text) => Node::Text(text.to_owned().into()),
        other => panic!("unexpected {other:?}"),
    }
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::from),
        "[^\0]*".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::vec(("[^\0]*", inner), 0..20)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn strict_documents_read_as_serde_json_reads_them(value in document()) {
        let strict = serde_json::to_string_pretty(&value).unwrap();
        let ours = compacted(&strict);
        let theirs: Value = serde_json::from_str(&strict).unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&ours).unwrap(), theirs);
        prop_assert_eq!(compacted(&ours), ours);
    }

    #[test]
    fn whatever_serde_json_accepts_is_accepted(text in r#"[\[\]{}:,"a1.e\-\\un tl]{0,24}"#) {
        if serde_json::from_str::<Value>(&text).is_ok() {
            let ours = compacted(&text);
            prop_assert_eq!(serde_json::from_str::<Value>(&ours).unwrap(), serde_json::from_str::<Value>(&text).unwrap());
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _outcome = parse(&bytes);
    }

    #[test]
    fn no_text_panics(text in r#"[\[\]{}:,"'a1.e\-\\/*ud8 \nä]{0,32}"#) {
        if let Ok(Some(node)) = parse(text.as_bytes()) {
            prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(&compact(&node)).is_ok());
        }
    }
}
