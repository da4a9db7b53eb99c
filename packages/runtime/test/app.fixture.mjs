// A small app as a process of its own: what start() promises can only be seen from outside.
import { log, MICROSERVICE, RuntimeModule, readEnv, start } from '@gatehouse/runtime';
import { Module } from '@nestjs/common';
import { Server } from '@nestjs/microservices';

const config = readEnv('connections', {});
const say = (what) => log('fixture').info(what);

class Strategy extends Server {
  listen(done) {
    say('consumers started');
    done();
  }
  close() {}
  on() {}
  unwrap() {}
}

class Worker {
  async beforeApplicationShutdown() {
    const ready = await fetch(`http://${config.HOST}:${config.PORT}/readyz`);
    say(`draining while readiness is ${ready.status}`);
  }
  onApplicationShutdown() {
    say('database closed');
  }
}

class AppModule {}
Module({ imports: [RuntimeModule.for(config)], providers: [Worker, { provide: MICROSERVICE, useClass: Strategy }] })(AppModule);
await start(AppModule, config);
if (process.env.CRASH) setTimeout(() => Promise.reject(new Error('nobody caught me')));
