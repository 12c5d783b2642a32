const answer = await fetch("{{ base }}{{ endpoint }}", {
  headers: {
    "Authorization": `Bearer ${process.env.KEYWAY_API_KEY}`,
    "Provider-Config-Key": "{{ key }}",
    "Connection-Id": "acme-inc",
  },
});
console.log(answer.status, await answer.text());
