curl '{{ base }}{{ endpoint }}' -H "Authorization: Bearer $KEYWAY_API_KEY" \
  -H 'Provider-Config-Key: {{ key }}' -H 'Connection-Id: acme-inc'
