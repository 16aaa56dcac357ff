//! Parameters: `$1` means the first value wherever it stands, which `SQLite` spells `?1`.

/// Rewrites the parameters of a statement, outside quotes and comments.
pub(super) fn rewrite(sql: &str) -> String {
    let mut rewritten = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(character) = rest.chars().next() {
        let length = skipped(rest).unwrap_or(character.len_utf8());
        let (token, tail) = rest.split_at(length);
        let is_parameter = token == "$" && tail.starts_with(|next: char| next.is_ascii_digit());
        rewritten.push_str(if is_parameter { "?" } else { token });
        rest = tail;
    }
    rewritten
}

/// The length of the quoted text or the comment at the start of `sql`, if there is one.
fn skipped(sql: &str) -> Option<usize> {
    let ends_after = |opening: &str, closing: &str| {
        let body = sql.strip_prefix(opening)?;
        Some(body.find(closing).map_or(sql.len(), |at| opening.len() + at + closing.len()))
    };
    // A doubled quote is a closing one and an opening one, which comes to the same.
    ends_after("'", "'")
        .or_else(|| ends_after("\"", "\""))
        .or_else(|| ends_after("--", "\n"))
        .or_else(|| ends_after("/*", "*/"))
}

#[cfg(test)]
mod tests {
    use super::rewrite;

    #[test]
    fn parameters_are_numbered_not_counted() {
        assert_eq!(rewrite("SELECT $2, $1, $12"), "SELECT ?2, ?1, ?12");
    }

    #[test]
    fn quotes_and_comments_are_left_alone() {
        let sql = "SELECT '$1 ''$2', \"$3\" -- $4\n/* $5 ' */, '$ü', a$";
        assert_eq!(rewrite(sql), sql);
        assert_eq!(rewrite("SELECT 'it''s $1' || $1"), "SELECT 'it''s $1' || ?1");
        assert_eq!(rewrite("SELECT $1 -- done"), "SELECT ?1 -- done");
    }
}
