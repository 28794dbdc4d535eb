// What the studio shows in its page: the panel, which is a page of its own, in an iframe.
(function () {
  "use strict";

  var NAME = "outbound-campaigns";
  var TITLES = { es: "Campañas Salientes", en: "Outbound campaigns" };
  var STYLE = { border: 0, display: "block", width: "100%", height: "100%" };
  var addresses = {};

  function language() {
    try {
      var kept = /[a-z]{2}/i.exec(window.localStorage.getItem("uiLanguage") || "");
      return kept ? kept[0].toLowerCase() : "";
    } catch (error) {
      return "";
    }
  }

  // As the panel chooses it, so that the frame's title is in the panel's language.
  function titleLanguage() {
    var spoken = [language()].concat((window.navigator && window.navigator.languages) || []);
    var known = spoken.map(function (tag) { return String(tag).slice(0, 2).toLowerCase(); });
    return known.filter(function (tag) { return tag in TITLES; })[0] || "es";
  }

  // Kept, since another address would load the panel anew, and what is half written in it would be lost.
  function addressOf(botId) {
    if (!addresses[botId]) {
      var spoken = language();
      var base = (window.ROOT_PATH || "") + "/api/v1/bots/" + encodeURIComponent(botId) + "/mod/" + NAME + "/ui/";
      addresses[botId] = base + (spoken ? "?lang=" + spoken : "");
    }
    return addresses[botId];
  }

  function View(props) {
    var botId = window.BOT_ID || props.botId;
    return window.React.createElement("iframe", {
      key: botId,
      src: addressOf(botId),
      title: TITLES[titleLanguage()],
      style: STYLE,
    });
  }

  window.botpress = window.botpress || {};
  window.botpress[NAME] = { default: View };
})();
