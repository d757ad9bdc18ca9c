"""Drawings of the icons, 24 x 24, two-pixel lines in the colour of the text."""

PATHS = {
    "rumah": '<path d="M3 11.5 12 4l9 7.5"/><path d="M5.5 10v9.5h13V10"/><path d="M10 19.5v-5h4v5"/>',
    "kinerja": '<path d="M4 20V4"/><path d="M4 20h16"/><path d="m7.5 15 4-4.5 3 2.5L20 7"/>',
    "bukti": '<path d="M6 3.5h8l4.5 4.5v12.5H6z"/><path d="M14 3.5V8h4.5"/><path d="m9 14.5 2 2 4-4"/>',
    "tim": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19.5c.6-3.4 3.1-5 6.5-5s5.9 1.6 6.5 5"/><path d="M15.5 5.3a3.4 3.4 0 0 1 0 6.4"/>'
    '<path d="M18 14.9c2 .7 3.2 2.2 3.5 4.6"/>',
    "kendali": '<path d="M4 6h16M4 12h16M4 18h16"/><circle cx="9" cy="6" r="2" fill="currentColor"/><circle cx="15" cy="12" r="2" fill="currentColor"/>'
    '<circle cx="8" cy="18" r="2" fill="currentColor"/>',
    "izin": '<rect x="4" y="4" width="16" height="16" rx="1.5"/><path d="M9.5 4v16M14.8 4v16"/>',
    "orang": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20c.8-4 3.6-6 7.5-6s6.7 2 7.5 6"/>',
    "lonceng": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15z"/><path d="M10 20.5h4"/>',
    "kamera": '<path d="M4 8h3.5L9 5.5h6L16.5 8H20v11H4z"/><circle cx="12" cy="13" r="3.3"/>',
    "tambah": '<path d="M12 5v14M5 12h14"/>',
    "kembali": '<path d="m14.5 5-7 7 7 7"/>',
    "lanjut": '<path d="m9.5 5 7 7-7 7"/>',
    "keluar": '<path d="M10 4H5v16h5"/><path d="M14 8l4 4-4 4M18 12H9"/>',
    "rencana": '<rect x="5" y="4" width="14" height="17" rx="1.5"/><path d="M9 4V2.8h6V4M9 10h6M9 14h6M9 18h3"/>',
    "admin": '<path d="M4 7h16M4 12h16M4 17h10"/>',
    "gembok": '<rect x="5" y="10.5" width="14" height="10" rx="1.5"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>',
    "jam": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.2l3.5 2"/>',
    "unduh": '<path d="M12 4v11M7.5 10.5 12 15l4.5-4.5M5 20h14"/>',
    "tanya": '<circle cx="12" cy="12" r="8.5"/><path d="M9.7 9.5a2.4 2.4 0 1 1 3.4 2.2c-.8.4-1.1.9-1.1 1.8"/><path d="M12 16.6v.1"/>',
    "cetak": '<path d="M7 9V4h10v5M7 17H4V9h16v8h-3"/><path d="M7 14h10v6H7z"/>',
    "luar": '<path d="M14 4h6v6M20 4l-8.5 8.5"/><path d="M18 14v5.5H4.5V6H10"/>',
}
