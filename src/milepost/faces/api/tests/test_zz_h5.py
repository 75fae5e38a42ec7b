import os, subprocess, sys, time, socket, threading, orjson, resource
import psutil
from django.db import connections
from milepost.faces.api.tests.conftest import an_order, furnish_shop, make_caller
def test_it(transactional_db):
    furnish_shop(); c=make_caller()
    refs=[c.post("orders",an_order()).told["reference"] for _ in range(100)]
    for k in connections.all(): k.close(); k.close_pool()
    p=subprocess.Popen([sys.executable,"-m","milepost","web","--port","8765"],env={**os.environ,"MILEPOST_WEB_PROCESSES":os.environ.get("NP","2")})
    try:
        for _ in range(200):
            try: socket.create_connection(("127.0.0.1",8765)).close(); break
            except OSError: time.sleep(.1)
        def run(req, n, out, ok):
            s=socket.create_connection(("127.0.0.1",8765)); 
            for i in range(n):
                s.sendall(req(i))
                d=s.recv(65536)
                while b"\r\n\r\n" not in d: d+=s.recv(65536)
                h,_,b=d.partition(b"\r\n\r\n"); L=int(h.lower().split(b"content-length: ")[1].split(b"\r")[0])
                while len(b)<L: b+=s.recv(65536)
                assert ok in d[:20], d
            out.append(n)
        cpu=lambda: sum(sum(x.cpu_times()[:2]) for x in psutil.Process(p.pid).children(recursive=True))
        for rnd in range(4):
            t=time.perf_counter(); out=[]; c0=cpu()
            ts=[threading.Thread(target=run,args=(lambda i:f"GET /api/v1/orders/{refs[i%100]}/status HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {c.plain}\r\n\r\n".encode(),1500,out,b" 200 ")) for _ in range(4)]
            [x.start() for x in ts]; [x.join() for x in ts]
            print("status/s", sum(out)/(time.perf_counter()-t), "web cpu ms", (cpu()-c0)/sum(out)*1e3, os.getloadavg())
        def post(k):
            def f(i):
                b=orjson.dumps(an_order(lines=[{"code":"TEA-100","quantity":1},{"code":"CUP-2","quantity":1},{"code":"TEA-100","quantity":1}]))
                return f"POST /api/v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: z{k}-{i}\r\nContent-Length: {len(b)}\r\nAuthorization: Bearer {c.plain}\r\n\r\n".encode()+b
            return f
        for rnd in range(3):
            t=time.perf_counter(); out=[]; c0=cpu()
            ts=[threading.Thread(target=run,args=(post(f"{rnd}-{k}"),150,out,b" 201 ")) for k in range(4)]
            [x.start() for x in ts]; [x.join() for x in ts]
            print("orders/s", sum(out)/(time.perf_counter()-t), "web cpu ms", (cpu()-c0)/sum(out)*1e3,os.getloadavg())
        if os.environ.get("SHOT"):
            from playwright.sync_api import sync_playwright
            with sync_playwright() as pw:
                b=pw.chromium.launch(executable_path="/usr/bin/chromium",args=["--no-sandbox"]); pg=b.new_page(); msgs=[]
                pg.on("console",lambda m:msgs.append(m.text)); pg.goto("http://127.0.0.1:8765/api/docs"); pg.wait_for_timeout(3000); pg.screenshot(path="/tmp/h5_docs.png"); print(msgs)
    finally:
        p.terminate(); p.wait()
