//! Enums whose values have one name, as it is stored and hashed.

/// Defines an enum with `ALL`, `name` and `parse`; each name is that of its variant.
macro_rules! named {
    ($(#[$doc:meta])* pub enum $type:ident { $($(#[$value_doc:meta])* $value:ident,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type {
            $($(#[$value_doc])* $value,)*
        }

        impl $type {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$value),*];

            /// The name as it is stored, hashed and exported.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$value => stringify!($value),)*
                }
            }

            /// The value of exactly that name.
            pub fn parse(name: &str) -> Option<Self> {
                match name {
                    $(stringify!($value) => Some(Self::$value),)*
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
    };
}

pub(crate) use named;
