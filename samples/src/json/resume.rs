//! How reading goes on behind what cannot be read, in bytes that come bit by bit.

/// Goes past a value that is too long to be read, by its brackets and quotes alone.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Skip {
    depth: u32,
    in_string: bool,
    escaped: bool,
}

impl Skip {
    /// How many of these bytes belong to the value, and whether it ends there.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (at, &byte) in bytes.iter().enumerate() {
            crate::work::done(1);
            if self.escaped {
                self.escaped = false;
                continue;
            }
            match byte {
                b'\\' if self.in_string => self.escaped = true,
                b'"' => self.in_string = !self.in_string,
                _ if self.in_string => {}
                b',' | b'}' | b']' if self.depth == 0 => return (at, true),
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth -= 1,
                _ => {}
            }
        }
        (bytes.len(), false)
    }
}

/// Where the first sample behind a broken one can begin: at a comma or a closing bracket behind a closing brace, but not at a comma that
/// leads to another member of an object. How many bytes to pass, and whether it was found; if not, what is left must be seen again.
pub(super) fn resynchronise(bytes: &[u8], last: bool) -> (usize, bool) {
    let mut passed = 0;
    loop {
        let rest = bytes.get(passed..).unwrap_or_default();
        let brace = crate::work::found(rest, rest.iter().position(|&byte| byte == b'}'));
        let Some(brace) = brace else { return (bytes.len(), false) };
        let behind = rest.get(brace + 1..).unwrap_or_default();
        crate::work::done(behind.len() - behind.trim_ascii_start().len());
        let behind = behind.trim_ascii_start();
        match behind {
            [b']', ..] => return (bytes.len() - behind.len(), true),
            [b',', next @ ..] => match next.trim_ascii_start() {
                [] if !last => return (passed + brace, false),
                [b'"', ..] => {}
                _ => return (bytes.len() - behind.len(), true),
            },
            [] if !last => return (passed + brace, false),
            _ => {}
        }
        passed += brace + 1;
    }
}
