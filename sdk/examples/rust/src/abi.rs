//! `orchestrator/abi.h` of ABI 1.0, as far as this plugin needs it. Sizes and offsets are those of `sdk/abi/v1.txt`; a test compares them.
#![allow(dead_code)]

use core::ffi::c_void;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Text {
    pub data: *const u8,
    pub size: usize,
}

impl Text {
    pub const EMPTY: Text = Text { data: core::ptr::null(), size: 0 };
    pub const fn of(text: &'static str) -> Text {
        Text { data: text.as_ptr(), size: text.len() }
    }
    pub fn borrowed(text: &str) -> Text {
        Text { data: text.as_ptr(), size: text.len() }
    }
    /// # Safety
    /// The text must be alive: it is borrowed for the length of the call.
    pub unsafe fn as_bytes<'a>(&self) -> &'a [u8] {
        if self.size == 0 {
            return &[];
        }
        core::slice::from_raw_parts(self.data, self.size)
    }
}

#[repr(C)]
pub struct Sink {
    pub context: *mut c_void,
    pub write: unsafe extern "C" fn(*mut c_void, Text),
}

#[repr(C)]
pub struct Request {
    pub struct_size: usize,
    pub input: Text,
    pub action: Text,
    pub run_id: Text,
    pub workflow_id: Text,
    pub step_id: Text,
    pub step_name: Text,
    pub idempotency_key: Text,
    pub try_number: i32,
    pub reserved: i32,
    pub timeout_ms: i64,
}

pub const SUCCEEDED: i32 = 0;

#[repr(C)]
pub struct Outcome {
    pub struct_size: usize,
    pub outcome: i32,
    pub http_code: i32,
    pub retry_after_ms: i64,
    pub output: Text,
    pub error_code: Text,
    pub error_message: Text,
    pub error_detail: Text,
    pub response_headers: Text,
}

#[repr(C)]
pub struct Host {
    pub struct_size: usize,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub context: *mut c_void,
    pub log: unsafe extern "C" fn(*mut c_void, i32, Text),
    pub append_run_log: unsafe extern "C" fn(*mut c_void, u64, i32, Text),
    pub progress: unsafe extern "C" fn(*mut c_void, u64, f64, Text),
    pub is_cancelled: unsafe extern "C" fn(*mut c_void, u64) -> i32,
    pub now_us: unsafe extern "C" fn(*mut c_void) -> i64,
    pub complete: unsafe extern "C" fn(*mut c_void, u64, *const Outcome),
    pub http_send: unsafe extern "C" fn(*mut c_void, u64, *const c_void, *const c_void, *const Sink) -> i32,
}

pub const IDEMPOTENT: u32 = 1;
pub const PURE: u32 = 2;

#[repr(C)]
pub struct Action {
    pub struct_size: usize,
    pub flags: u32,
    pub reserved: u32,
    pub name: Text,
    pub version: Text,
    pub summary: Text,
    pub config_schema: Text,
    pub input_schema: Text,
    pub output_schema: Text,
    pub create: unsafe extern "C" fn(*const Host, Text, *const Sink) -> *mut c_void,
    pub destroy: unsafe extern "C" fn(*mut c_void),
    pub start: unsafe extern "C" fn(*mut c_void, u64, *const Request),
    pub cancel: Option<unsafe extern "C" fn(*mut c_void, u64)>,
    pub check_health: Option<unsafe extern "C" fn(*mut c_void, *const Sink) -> i32>,
}

#[repr(C)]
pub struct Plugin {
    pub struct_size: usize,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub name: Text,
    pub version: Text,
    pub licence: Text,
    pub summary: Text,
    pub actions: *const *const Action,
    pub action_count: usize,
}

// Tables of constants, shared by all threads.
unsafe impl Sync for Action {}
unsafe impl Sync for Plugin {}

#[cfg(target_pointer_width = "64")]
const _: () = {
    assert!(core::mem::size_of::<Text>() == 16);
    assert!(core::mem::size_of::<Request>() == 136);
    assert!(core::mem::size_of::<Outcome>() == 104);
    assert!(core::mem::size_of::<Host>() == 80);
    assert!(core::mem::size_of::<Action>() == 152);
    assert!(core::mem::size_of::<Plugin>() == 96);
};
