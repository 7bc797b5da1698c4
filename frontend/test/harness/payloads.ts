/**
 * Texts that try to become scripts. Each names itself when it runs: `alert(1)` would stop the browser, so they
 * call `ran`, which the test watches in every frame, and fetch `/ran`, which it watches on the wire.
 */

const calls = ["ran(1)", "fetch('/ran')", "top.ran(1)", "self['ran'](1)"];

const carriers: readonly ((call: string) => string)[] = [
  (call) => `<script>${call}</script>`,
  (call) => `<SCRIPT >${call}</SCRIPT >`,
  (call) => `"><script>${call}</script>`,
  (call) => `'><script>${call}</script>`,
  (call) => `</textarea><script>${call}</script>`,
  (call) => `</style><script>${call}</script>`,
  (call) => `</title><script>${call}</script>`,
  (call) => `]]><script>${call}</script>`,
  (call) => `--><script>${call}</script>`,
  (call) => `<scr<script>ipt>${call}</scr</script>ipt>`,
  (call) => `<script src="data:text/javascript,${call}"></script>`,
  (call) => `<img src=x onerror="${call}">`,
  (call) => `<img src=x onerror=${call}//`,
  (call) => `"><img src=x onerror=${call}>`,
  (call) => `<img/src="x"/onerror="${call}">`,
  (call) => `<img src="x\` \`" onerror="${call}">`,
  (call) => `<svg onload="${call}">`,
  (call) => `<svg><script>${call}</script></svg>`,
  (call) => `<svg><animate onbegin="${call}" attributeName=x dur=1s>`,
  (call) => `<svg><a xlink:href="javascript:${call}"><text y=20>x</text></a></svg>`,
  (call) => `<svg><use href="data:image/svg+xml,<svg id='x' onload='${call}'/>#x">`,
  (call) => `<math><mtext><table><mglyph><style><img src=x onerror="${call}">`,
  (call) => `<body onload="${call}">`,
  (call) => `<body onpageshow="${call}">`,
  (call) => `<iframe src="javascript:${call}"></iframe>`,
  (call) => `<iframe srcdoc="<script>${call}</script>"></iframe>`,
  (call) => `<object data="javascript:${call}"></object>`,
  (call) => `<object data="data:text/html,<script>${call}</script>"></object>`,
  (call) => `<embed src="javascript:${call}">`,
  (call) => `<a href="javascript:${call}">x</a>`,
  (call) => `<a href="java&#115;cript:${call}">x</a>`,
  (call) => `<a href="&#1;javascript:${call}">x</a>`,
  (call) => `<form action="javascript:${call}"><input type=submit autofocus></form>`,
  (call) => `<input autofocus onfocus="${call}">`,
  (call) => `<select autofocus onfocus="${call}">`,
  (call) => `<textarea autofocus onfocus="${call}">`,
  (call) => `<button autofocus onfocus="${call}">`,
  (call) => `<div tabindex=0 autofocus onfocus="${call}">`,
  (call) => `<details open ontoggle="${call}">`,
  (call) => `<video src=x onerror="${call}">`,
  (call) => `<video><source onerror="${call}"></video>`,
  (call) => `<audio src=x onerror="${call}">`,
  (call) => `<marquee onstart="${call}">`,
  (call) => `<meta http-equiv="refresh" content="0;url=javascript:${call}">`,
  (call) => `<base href="javascript:/"><a href="/${call}">x</a>`,
  (call) => `<link rel=stylesheet href="data:text/css,*{}" onload="${call}">`,
  (call) => `<style onload="${call}"></style>`,
  (call) => `<style>@import 'javascript:${call}';</style>`,
  (call) => `<div style="background:url(javascript:${call})">`,
  (call) => `<template><script>${call}</script></template><script>${call}</script>`,
  (call) => `<noscript><p title="</noscript><img src=x onerror=${call}>">`,
  (call) => `javascript:${call}`,
  (call) => `{{constructor.constructor('${call}')()}}`,
  (call) => `\${${call}}`,
];

/** Over two hundred payloads: every carrier with every call. */
export const payloads: readonly string[] = carriers.flatMap((carry) => calls.map(carry));

/** An attribute's value in a config. */
export const attribute = (text: string) =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
