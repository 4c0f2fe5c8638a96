FROM node:22
RUN <<EOF
#!/usr/bin/env node
console.log(`RUN ${process.version}`)
EOF
