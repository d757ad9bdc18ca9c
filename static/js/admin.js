/* The theme of the account, before anything is drawn. */
document.documentElement.dataset.theme = { terang: "light", gelap: "dark" }[document.currentScript.dataset.tema] || "auto";
