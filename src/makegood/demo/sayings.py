"""What people at the demo desk and its members say in between."""

MACHINES = (
    {"browser": "Chrome 141", "os": "Windows 11", "device": "Desktop", "screen": "1920 × 1080"},
    {"browser": "Safari 18", "os": "iOS 18.6", "device": "iPhone", "screen": "390 × 844"},
    {"browser": "Firefox 143", "os": "Ubuntu 24.04", "device": "Desktop", "screen": "1680 × 1050"},
    {"browser": "Edge 141", "os": "Windows 10", "device": "Desktop", "screen": "1366 × 768"},
    {"browser": "Safari 16", "os": "iPadOS 16.7", "device": "iPad", "screen": "820 × 1180"},
    {"browser": "Chrome 140", "os": "Android 15", "device": "Pixel 8", "screen": "412 × 915"},
)

ANSWERS = {
    "en": (
        "It began on Monday morning, before that it worked. It happens every time I try.",
        "Every time, on both of my devices. The last time was ten minutes ago.",
        "I only see it after signing in. Yes, I can make it happen again whenever I want.",
        "Since the weekend. I was just looking around, nothing unusual.",
    ),
    "de": (
        "Seit Montag früh, vorher ging es. Es passiert jedes Mal.",
        "Immer, auf beiden Geräten. Zuletzt vor zehn Minuten.",
    ),
}

TRIED = (
    "Tried together on the phone, the same result.",
    "Same page afterwards.",
    "They had done that already; did it once more.",
)

NOTES = (
    "Third call of this kind this week, feels like one cause.",
    "Member is calm but needs this before Friday.",
    "Could see it on my own test account as well.",
    "Nothing unusual on the account. Not something we can repair from here.",
)

REASONS = (
    "Happens every time, on two machines. Picture and steps are in the document.",
    "Reproduced with my test account. Please look at the logs around the time given.",
    "Blocks the member from something they need this week.",
)

FOLLOWED_UP = (
    "Called. Works on both devices, thanked us for calling.",
    "Works. Asked whether it can happen again; told them what we changed.",
    "Wrote a short mail, answered within the hour: all fine.",
)

STILL_BROKEN = {
    "en": "I just tried again and it is still the same.",
    "de": "Ich habe es gerade noch einmal versucht, es ist unverändert.",
}
